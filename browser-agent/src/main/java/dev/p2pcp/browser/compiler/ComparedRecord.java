package dev.p2pcp.browser.compiler;

import org.jspecify.annotations.Nullable;

/**
 * Stands in the compiled agent for {@code java.lang.Record}, as the parent of all records: {@link
 * RecordMethods} writes its methods. A class of its own, as the compiler names a function by the
 * class that declares it.
 */
public abstract class ComparedRecord {
  @Override
  public native boolean equals(@Nullable Object other);

  @Override
  public native int hashCode();
}
