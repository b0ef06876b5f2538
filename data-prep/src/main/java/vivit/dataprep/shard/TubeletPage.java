package vivit.dataprep.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import vivit.dataprep.clip.TubeletCutter;

/**
 * The tubelets of a clip, {@code [n_t, n_h, n_w, t, p, p, 3]} RGB bytes, laid out as a Parquet
 * page, so that frames are cut directly into the bytes to be written. Clips of the same size reuse
 * the memory. Not thread-safe.
 */
public final class TubeletPage {
  /** The page starts with the number of bytes that follow. */
  static final int START = Integer.BYTES;

  private static final VarHandle LENGTH =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private TubeletCutter cutter;
  private byte[] page = {};

  /** Prepares the page for a clip and discards its content. */
  public void begin(TubeletCutter clip) {
    cutter = clip;
    int bytes = Math.addExact(START, clip.tubeletBytes());
    if (page.length != bytes) {
      page = new byte[bytes];
    }
  }

  /**
   * Cuts a frame of the clip into the page.
   *
   * @param frame number of the frame in the clip
   * @param pixels {@code [H, W, 3]}
   */
  public void put(int frame, byte[] pixels) {
    cutter.cutFrame(frame, pixels, 0, page, START);
  }

  /** Geometry of the clip. */
  public TubeletCutter cutter() {
    return cutter;
  }

  /** A view of the tubelets; writing to it changes the page. */
  public ByteBuffer tubelets() {
    return ByteBuffer.wrap(page, START, page.length - START).slice();
  }

  /** Assembles the clip, {@code [T, H, W, 3]}, in fresh memory. */
  public byte[] pixels() {
    return cutter.assemble(tubelets());
  }

  /** Cuts a whole clip into the page. */
  void fill(TubeletCutter clip, byte[] pixels) {
    begin(clip);
    clip.cut(pixels, page, START);
  }

  /** The whole page: the number of bytes, then the bytes. */
  byte[] whole() {
    LENGTH.set(page, 0, page.length - START);
    return page;
  }
}
