package vivit.dataprep.tfrecord;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A gzip shard, addressed by positions in its unpacked bytes. Reading forward unpacks the bytes in
 * between; reading back by more than half a megabyte starts again from the beginning.
 */
final class GzipBytes implements ShardBytes {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int RECENT_BYTES = 1 << 20;

  /** Images hardly shrink; what grows more than this is no shard of them. */
  private static final long MOST_GROWTH = 100;

  private static final long ALWAYS_UNPACKED = 64L << 20;

  private final FileSystem fs;
  private final Path shard;
  private final long packedBytes;
  private final byte[] recent = new byte[RECENT_BYTES];
  private InputStream in;
  private long recentStart;
  private int filled;

  GzipBytes(FileSystem fs, Path shard) throws IOException {
    this.fs = fs;
    this.shard = shard;
    this.packedBytes = fs.getFileStatus(shard).getLen();
    reopen();
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) throws IOException {
    if (position < recentStart) {
      reopen();
    }
    while (position >= recentStart + filled) {
      if (!unpackMore()) {
        return -1;
      }
    }
    int from = (int) (position - recentStart);
    int found = Math.min(count, filled - from);
    System.arraycopy(recent, from, to, offset, found);
    return found;
  }

  private boolean unpackMore() throws IOException {
    if (filled == RECENT_BYTES) {
      int kept = RECENT_BYTES / 2;
      System.arraycopy(recent, RECENT_BYTES - kept, recent, 0, kept);
      recentStart += RECENT_BYTES - kept;
      filled = kept;
    }
    long most = ALWAYS_UNPACKED + MOST_GROWTH * packedBytes;
    if (recentStart + filled > most) {
      throw new DamagedRecordException(
          recentStart + filled,
          "its %d bytes of gzip unpack to more than %d, expected at most %d times as many; unpack the shard first"
              .formatted(packedBytes, most, MOST_GROWTH));
    }
    try {
      int found = in.read(recent, filled, RECENT_BYTES - filled);
      filled += Math.max(found, 0);
      return found > 0;
    } catch (EOFException e) {
      throw DamagedRecordException.truncated(
          recentStart + filled, "the gzip data breaks off" + after());
    } catch (ZipException e) {
      throw new DamagedRecordException(
          recentStart + filled, "the gzip data is damaged (" + e.getMessage() + ")" + after());
    }
  }

  private String after() {
    return " after %d unpacked bytes; copy the shard again".formatted(recentStart + filled);
  }

  private void reopen() throws IOException {
    close();
    recentStart = 0;
    filled = 0;
    InputStream packed = fs.open(shard);
    try {
      in = new GZIPInputStream(packed, BUFFER_BYTES);
    } catch (EOFException | ZipException e) {
      packed.close();
      throw new DamagedRecordException(0, "it is no gzip file; copy the shard again");
    } catch (IOException e) {
      packed.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
