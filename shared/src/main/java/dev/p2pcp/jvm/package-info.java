/**
 * The ports on the JVM: cryptography by JCA and Bouncy Castle, virtual threads, files, WebSocket.
 * The one package of this module that the browser never compiles; nothing outside it may use what
 * TeaVM lacks.
 */
@NullMarked
package dev.p2pcp.jvm;

import org.jspecify.annotations.NullMarked;
