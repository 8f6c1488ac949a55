/**
 * The whole system from outside: real browsers on the real site, with index servers as processes of
 * their own.
 */
@NullMarked
package dev.p2pcp.web;

import org.jspecify.annotations.NullMarked;
