package dev.p2pcp.inprocess;

import dev.p2pcp.transport.Transport;

/**
 * A listener that only takes note of what it hears, so that a server may call it in the midst of
 * its own work: no call suspends, or calls the server back before it has returned.
 */
public interface PromptListener extends Transport.Listener {}
