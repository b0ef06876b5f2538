package vivit.spark.checkpoint;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk under the scheme {@code faulty:}, with a fault that a test chooses: the process
 * dies at an operation, after which nothing reaches the disk any more, or operations fail, or bytes
 * change on their way to the disk.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  /** An operation: what is done, such as {@code write}, and the path. */
  public record Operation(String what, String path) {}

  /** The end of the process; no code that is tested catches it. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static int operations;
  private static int killedAt = Integer.MAX_VALUE;
  private static boolean dead;
  private static Predicate<Operation> failing = operation -> false;
  private static Predicate<Operation> flipping = operation -> false;

  /** Makes the scheme known to a configuration. */
  public static Configuration register(Configuration conf) {
    conf.setClass("fs.faulty.impl", FaultyFileSystem.class, RawLocalFileSystem.class);
    return conf;
  }

  /** A path of this file system. */
  public static Path path(java.nio.file.Path path) {
    return new Path("faulty://" + path.toAbsolutePath());
  }

  /** Ends all faults. */
  public static synchronized void repair() {
    operations = 0;
    killedAt = Integer.MAX_VALUE;
    dead = false;
    failing = operation -> false;
    flipping = operation -> false;
  }

  /** Kills the process at an operation, counting from 1, in the middle of it if it is a write. */
  public static synchronized void killAt(int operation) {
    repair();
    killedAt = operation;
  }

  /** Lets these operations fail. */
  public static synchronized void fail(Predicate<Operation> operations) {
    failing = operations;
  }

  /** Lets these writes change a bit. */
  public static synchronized void flip(Predicate<Operation> writes) {
    flipping = writes;
  }

  /** Counts an operation; returns whether it is the one at which the process dies. */
  private static synchronized boolean diesNow() {
    if (dead) {
      throw new Killed();
    }
    operations++;
    dead = operations == killedAt;
    return dead;
  }

  private static void liveOn() {
    if (diesNow()) {
      throw new Killed();
    }
  }

  private static synchronized void begin(String what, Path path) throws IOException {
    if (failing.test(new Operation(what, path.toString()))) {
      throw new IOException("the disk does not " + what + " " + path.getName());
    }
  }

  private static synchronized boolean flips(Path path) {
    return flipping.test(new Operation("write", path.toString()));
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  /** Every operation asks for the file that it concerns, also those that go past this class. */
  @Override
  public java.io.File pathToFile(Path path) {
    liveOn();
    return super.pathToFile(path);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    begin("read", path);
    return super.open(path, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    begin("list", path);
    return super.listStatus(path);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    begin("mkdirs", path);
    return super.mkdirs(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    begin("delete", path);
    if (recursive && Files.isDirectory(pathToFile(path).toPath())) {
      for (FileStatus entry : super.listStatus(path)) {
        delete(entry.getPath(), true);
      }
    }
    return super.delete(path, false);
  }

  @Override
  protected OutputStream createOutputStream(Path path, boolean append) throws IOException {
    begin("create", path);
    return new FaultyStream(path, new FileOutputStream(pathToFile(path), append));
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path path, boolean append, FsPermission permission) throws IOException {
    return createOutputStream(path, append);
  }

  private static final class FaultyStream extends OutputStream implements Syncable {
    private final Path path;
    private final FileOutputStream file;

    FaultyStream(Path path, FileOutputStream file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      begin("write", path);
      boolean dies = diesNow();
      byte[] written = bytes.clone();
      if (flips(path)) {
        written[from + count / 2] ^= 1;
      }
      file.write(written, from, dies ? count / 2 : count);
      if (dies) {
        throw new Killed();
      }
    }

    @Override
    public void hflush() {
      liveOn();
    }

    @Override
    public void hsync() throws IOException {
      liveOn();
      begin("sync", path);
    }

    @Override
    public void close() throws IOException {
      file.close();
      liveOn();
    }
  }
}
