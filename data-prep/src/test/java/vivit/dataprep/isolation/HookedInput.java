package vivit.dataprep.isolation;

import java.io.IOException;
import vivit.dataprep.video.VideoInput;

/** A file in memory with a hook that runs before each read. */
record HookedInput(byte[] file, Hook hook) implements VideoInput {
  /** Runs before a read at a position. */
  @FunctionalInterface
  interface Hook {
    void reading(long position) throws IOException;
  }

  static HookedInput plain(byte[] file) {
    return new HookedInput(file, position -> {});
  }

  @Override
  public long length() {
    return file.length;
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) throws IOException {
    if (position >= file.length) {
      return -1;
    }
    hook.reading(position);
    int found = (int) Math.min(count, file.length - position);
    System.arraycopy(file, (int) position, to, offset, found);
    return found;
  }

  @Override
  public void close() {
    // Memory.
  }
}
