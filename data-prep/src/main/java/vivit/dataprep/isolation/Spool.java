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
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.TubeletPage;
import vivit.dataprep.video.CutSink;
import vivit.dataprep.video.UndecodableVideoException;

/**
 * A temporary local file that holds the clips of the videos being decoded; the decoder writes it,
 * then the consumer reads it. The file is unlinked as soon as both processes have it open, so that
 * no crash leaves it behind. Not thread-safe.
 */
final class Spool implements Closeable {
  /** {@link RandomAccessFile} allocates a native buffer for every larger transfer. */
  private static final int CHUNK_BYTES = 1 << 16;

  /** Disk space that a spool may keep between two videos. */
  private static final long KEPT_BYTES = 256L << 20;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path path;

  /** A file instead of a channel, since an interrupt would close a channel. */
  private final RandomAccessFile file;

  private final TubeletPage page = new TubeletPage();
  private long end;

  private Spool(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
  }

  /** Creates a spool that only its owner can read, in {@link #folder}. */
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

  /** Opens a spool that another process created. */
  static Spool open(Path path) throws IOException {
    return new Spool(path);
  }

  /** The folder that the cluster manager gives Spark for local files, or the temporary folder. */
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

  /** What to say when a clip cannot be written, on the executor, which knows the folder. */
  String unwritable() {
    return "Cannot write decoded clips to %s; make room there or set java.io.tmpdir"
        .formatted(path.getParent());
  }

  /** Removes the file's name; its bytes live until the last process closes it. */
  void unlink() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Discards all clips and starts again from the beginning. */
  void rewind() throws IOException {
    if (file.length() > KEPT_BYTES) {
      file.setLength(0);
    }
    end = 0;
  }

  /** A sink that appends tubelets to this spool and reports everything else to a journal. */
  CutSink sink(Journal journal) {
    return new CutSink() {
      @Override
      public void clip(CutTubelets clip) throws IOException {
        long offset;
        try {
          offset = append(clip.tubelets());
        } catch (IOException e) {
          throw new SpoolException(unwritable(), e);
        }
        journal.clip(
            new SpooledClip(
                clip.request(),
                clip.view(),
                clip.tubelets().cutter(),
                clip.origin(),
                clip.madeUp(),
                offset));
      }

      @Override
      public void finished(int request, CutStatistics statistics) throws IOException {
        journal.finished(request, statistics);
      }

      @Override
      public void failed(int request, UndecodableVideoException cause) throws IOException {
        journal.failed(request, cause);
      }
    };
  }

  /** Appends a clip's tubelets and returns their offset. */
  private long append(TubeletPage clip) throws IOException {
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

  /** Refuses a clip whose tubelets are not in this spool. */
  void requireHolds(SpooledClip clip) throws IOException {
    long end = clip.offset() + clip.cutter().tubeletBytes();
    if (end > file.length()) {
      throw new IOException("tubelets up to %d, the spool has %d".formatted(end, file.length()));
    }
  }

  /** Reads the tubelets of a clip at an offset; they are valid until the next read. */
  private TubeletPage read(long offset, TubeletCutter clip) throws IOException {
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
      throw new UncheckedIOException(e); // every write is complete by now
    }
  }

  /** Receives the results of a cutter; the tubelets of a clip are already in the spool. */
  interface Journal {
    void clip(SpooledClip clip) throws IOException;

    void finished(int request, CutSink.CutStatistics statistics) throws IOException;

    void failed(int request, UndecodableVideoException cause) throws IOException;
  }

  /**
   * A clip whose tubelets are in a spool.
   *
   * @param request index of its request
   * @param view number of the clip within its request
   * @param cutter the geometry of the clip
   * @param origin source of its frames
   * @param madeUp number of its frames that cannot be decoded
   * @param offset of the tubelets in the spool, in bytes
   */
  record SpooledClip(
      int request, int view, TubeletCutter cutter, ClipOrigin origin, int madeUp, long offset) {
    /** Loads the clip under another request number; valid until the next clip is loaded. */
    CutSink.CutTubelets load(int asRequest, Spool spool) throws IOException {
      return new CutSink.CutTubelets(asRequest, view, spool.read(offset, cutter), origin, madeUp);
    }
  }

  /** A spool that cannot be written, which is not the fault of the video. */
  static final class SpoolException extends IOException {
    private static final long serialVersionUID = 1L;

    private SpoolException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
