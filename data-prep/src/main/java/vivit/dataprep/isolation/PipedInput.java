package vivit.dataprep.isolation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import vivit.dataprep.video.VideoInput;

/**
 * The helper's view of a file that the executor holds. Requests bytes in blocks, which double
 * during sequential reading and start small again after a jump.
 */
final class PipedInput implements VideoInput {
  /** Largest block that is requested at once. */
  static final int LARGEST_BLOCK = 1 << 20;

  private static final int FIRST_BLOCK = 1 << 16;

  private final DataInputStream answers;
  private final DataOutputStream requests;
  private final long length;
  private byte[] block = new byte[FIRST_BLOCK];
  private long blockStart;
  private int blockCount;
  private int next = FIRST_BLOCK;

  PipedInput(DataInputStream answers, DataOutputStream requests, long length) {
    this.answers = answers;
    this.requests = requests;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (position < blockStart || position >= blockStart + blockCount) {
      fetch(position);
      if (blockCount == 0) {
        return -1;
      }
    }
    int from = (int) (position - blockStart);
    int found = Math.min(count, blockCount - from);
    System.arraycopy(block, from, to, offset, found);
    return found;
  }

  private void fetch(long position) throws IOException {
    boolean sequential = position == blockStart + blockCount && blockCount > 0;
    next = sequential ? Math.min(next * 2, LARGEST_BLOCK) : FIRST_BLOCK;
    if (block.length < next) {
      block = new byte[next];
    }
    blockCount = 0;
    requests.writeByte(Wire.READ);
    requests.writeLong(position);
    requests.writeInt(next);
    requests.flush();
    int found = answers.readInt();
    if (found > next) {
      throw new IOException("%d bytes, asked for %d".formatted(found, next));
    }
    if (found > 0) {
      answers.readFully(block, 0, found);
      blockStart = position;
      blockCount = found;
    }
  }

  @Override
  public void close() {
    // The executor closes the file.
  }
}
