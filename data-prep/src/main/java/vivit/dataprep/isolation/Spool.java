package vivit.dataprep.isolation;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A temporary local file for the clips of the videos that are being decoded: written by the
 * decoder, read by the consumer, one after the other. It has no name once both have it open, so
 * nothing is left behind whoever is killed. Not thread-safe.
 */
final class Spool implements Closeable {
  private static final int CHUNK_BYTES = 1 << 16;

  /** What a spool may keep on disk between two videos. */
  private static final long KEPT_BYTES = 256L << 20;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path path;

  /** Not a channel: an interrupt would close that. */
  private final RandomAccessFile file;

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

  /** Adds bytes and returns their offset. */
  long append(byte[] bytes) throws IOException {
    long offset = end;
    file.seek(offset);
    for (int at = 0; at < bytes.length; at += CHUNK_BYTES) { // large pieces cost an allocation
      file.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at));
    }
    end += bytes.length;
    return offset;
  }

  /** Fills an array from an offset. */
  void read(long offset, byte[] bytes) throws IOException {
    file.seek(offset);
    for (int at = 0; at < bytes.length; at += CHUNK_BYTES) {
      file.readFully(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at));
    }
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
