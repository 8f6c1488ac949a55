/**
 * Test code that runs compiled, in the browser: exports that the JUnit classes beside it call by
 * name.
 */
@NullMarked
package dev.p2pcp.browser.cases;

import org.jspecify.annotations.NullMarked;
