package vivit.spark.exchange;

import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.spark.network.buffer.ManagedBuffer;

/** A pinned slice on its way to a peer; the pin is released when all bytes are sent. */
final class SliceBytes extends ManagedBuffer {
  private final Slice slice;
  private int holders = 1;

  /** Takes over the caller's pin. */
  SliceBytes(Slice slice) {
    this.slice = slice;
  }

  @Override
  public long size() {
    return (long) slice.length() * Float.BYTES;
  }

  @Override
  public ByteBuffer nioByteBuffer() {
    return slice.bytes();
  }

  @Override
  public InputStream createInputStream() {
    return new ByteBufInputStream(Unpooled.wrappedBuffer(nioByteBuffer()));
  }

  @Override
  public synchronized ManagedBuffer retain() {
    holders++;
    return this;
  }

  @Override
  public synchronized ManagedBuffer release() {
    if (--holders == 0) {
      slice.close();
    }
    return this;
  }

  @Override
  public Object convertToNetty() {
    return Unpooled.wrappedBuffer(nioByteBuffer());
  }
}
