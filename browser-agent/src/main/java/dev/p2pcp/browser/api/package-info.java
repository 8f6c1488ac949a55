/**
 * The agent's only exports to JavaScript, and how the tabs of one browser profile share one agent.
 *
 * <p>One tab leads: it holds the lock {@code p2pcp-agent} and runs the agent. The others follow:
 * they send their calls to the leader and hear its events. Each follower has a broadcast channel of
 * its own with the leader, so that large arguments are not copied to every tab and all that the
 * leader says to it arrives in order. When the leader goes, a follower is granted the lock and
 * leads; calls without an answer are made again if that does no harm.
 *
 * <pre>
 * channel p2pcp-agent      follower → leader   hello {tab}
 *                          leader → all        leader {}              a new one: say hello again
 * channel p2pcp-agent.TAB  leader → follower   starting {}            wait on
 *                                              welcome {snapshot, keys}
 *                          follower → leader   call {id, method, value: arguments}, abort {id}, bye {}
 *                          leader → follower   progress {id, done, total}, result {id, value}, error {id, value}
 *                                              event {method: name, value: detail}, snapshot {snapshot}, keys {keys}
 * </pre>
 */
@NullMarked
package dev.p2pcp.browser.api;

import org.jspecify.annotations.NullMarked;
