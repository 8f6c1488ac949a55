package dev.p2pcp.server.session;

import dev.p2pcp.index.Meeting;
import dev.p2pcp.server.signal.Signals;
import dev.p2pcp.server.topic.Topics;
import org.springframework.stereotype.Component;

/** How agents of this cluster come together. */
@Component
record Meetings(Signals signals, Topics topics) implements Meeting {}
