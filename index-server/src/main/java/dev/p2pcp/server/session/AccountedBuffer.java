package dev.p2pcp.server.session;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * A buffer that tells when it was written out (or given up), so that what waits inside the network
 * stack counts too.
 */
final class AccountedBuffer extends UnpooledHeapByteBuf {
  private final Outbound outbound;
  private final int length;

  AccountedBuffer(ByteBufAllocator allocator, byte[] bytes, Outbound outbound) {
    super(allocator, bytes, bytes.length);
    this.outbound = outbound;
    this.length = bytes.length;
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    outbound.written(length);
  }
}
