/**
 * What the tests of all modules share: the vectors' format and runner, and seeded generators.
 * Everything but {@link dev.p2pcp.testing.VectorFiles} compiles for the browser as well, so that
 * the same scenarios run there.
 */
@NullMarked
package dev.p2pcp.testing;

import org.jspecify.annotations.NullMarked;
