/** The rules that hold for the whole project: between packages, and for every source file. */
@NullMarked
package dev.p2pcp;

import org.jspecify.annotations.NullMarked;
