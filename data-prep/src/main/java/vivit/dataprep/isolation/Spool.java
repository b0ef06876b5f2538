package vivit.dataprep.isolation;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.shard.TubeletPage;

/**
 * A temporary local file for the clips of the videos that are being decoded: written by the
 * decoder, read by the consumer, one after the other. It has no name once both have it open, so
 * nothing is left behind whoever is killed. Not thread-safe.
 */
final class Spool implements Closeable {
  /** Larger pieces cost an allocation each. */
  private static final int CHUNK_BYTES = 1 << 16;

  /** What a spool may keep on disk between two videos. */
  private static final long KEPT_BYTES = 256L << 20;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path path;

  /** Not a channel: an interrupt would close that. */
  private final RandomAccessFile file;

  private final TubeletPage page = new TubeletPage();
  private long end;

  private Spool(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
  }

  /** Makes a spool, readable by the owner alone, in {@link #folder}. */
  static Spool create() throws IOException {
    Path folder = folder();
    try {
      return new Spool(Files.createTempFile(folder, "vivit-spool-", ".tmp", OWNER_ONLY));
    } catch (IOException e) {
      throw new IOException(
          "Cannot make a spool file for decoded clips in %s; make room there or set java.io.tmpdir"
              .formatted(folder),
          e);
    }
  }

  /** Opens a spool that another process made. */
  static Spool open(Path path) throws IOException {
    return new Spool(path);
  }

  /** Where Spark keeps its local files, if its cluster manager says so; else the usual folder. */
  private static Path folder() {
    for (String variable : new String[] {"LOCAL_DIRS", "SPARK_LOCAL_DIRS"}) {
      String folders = System.getenv(variable);
      if (folders != null) {
        File first = new File(folders.split(",", 2)[0]);
        if (first.isDirectory() && first.canWrite()) {
          return first.toPath();
        }
      }
    }
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  Path path() {
    return path;
  }

  /** Takes the file's name away; its bytes live until the last process closes it. */
  void unlink() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Starts again from the beginning. */
  void rewind() throws IOException {
    if (file.length() > KEPT_BYTES) {
      file.setLength(0);
    }
    end = 0;
  }

  /** Adds a clip's tubelets and returns their offset. */
  long append(TubeletPage clip) throws IOException {
    ByteBuffer tubelets = clip.tubelets();
    long offset = end;
    file.seek(offset);
    while (tubelets.hasRemaining()) {
      int count = Math.min(CHUNK_BYTES, tubelets.remaining());
      file.write(tubelets.array(), tubelets.arrayOffset() + tubelets.position(), count);
      tubelets.position(tubelets.position() + count);
    }
    end += tubelets.limit();
    return offset;
  }

  /** Reads the tubelets of a clip from an offset; they are valid until the next read. */
  TubeletPage read(long offset, TubeletCutter clip) throws IOException {
    page.begin(clip);
    ByteBuffer tubelets = page.tubelets();
    file.seek(offset);
    while (tubelets.hasRemaining()) {
      int count = Math.min(CHUNK_BYTES, tubelets.remaining());
      file.readFully(tubelets.array(), tubelets.arrayOffset() + tubelets.position(), count);
      tubelets.position(tubelets.position() + count);
    }
    return page;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is left to be written
    }
  }
}
