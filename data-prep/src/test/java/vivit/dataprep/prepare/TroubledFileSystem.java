package vivit.dataprep.prepare;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;

/**
 * Local files under the scheme {@code troubled}, which can be made to fail in ways that real disks
 * and file systems do, and which notes what is opened.
 */
public final class TroubledFileSystem extends RawLocalFileSystem {
  /** Names of the video files that were opened, in this order. */
  static final List<String> OPENED = Collections.synchronizedList(new ArrayList<>());

  /** Names of files that must not be read. */
  static final Set<String> DENIED = ConcurrentHashMap.newKeySet();

  /** Names of files on a broken disk. */
  static final Set<String> BROKEN = ConcurrentHashMap.newKeySet();

  /** So many operations are left, then everything fails, as for a process that was killed. */
  static final AtomicLong LEFT = new AtomicLong(Long.MAX_VALUE);

  /** A file whose mention ends everything; empty for none. */
  private static volatile String lastFile = "";

  /** Nothing works any more. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  static void heal() {
    OPENED.clear();
    DENIED.clear();
    BROKEN.clear();
    LEFT.set(Long.MAX_VALUE);
    lastFile = "";
  }

  /** From the first operation on a file whose name contains this, nothing works. */
  static void dieAt(String name) {
    lastFile = name;
  }

  static void install(Configuration hadoop) {
    hadoop.set("fs.troubled.impl", TroubledFileSystem.class.getName());
  }

  /** A local path of this file system. */
  static String uri(java.nio.file.Path path) {
    return "troubled://" + path.toAbsolutePath();
  }

  @Override
  public URI getUri() {
    return URI.create("troubled:///");
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    String name = file.getName();
    if (name.endsWith(".mp4")) {
      OPENED.add(name);
    }
    if (DENIED.contains(name)) {
      throw new AccessControlException("Permission denied: " + file);
    }
    if (BROKEN.contains(name)) {
      throw new IOException("Input/output error: " + file);
    }
    return super.open(file, bufferSize);
  }

  @Override
  public File pathToFile(Path path) {
    if (!lastFile.isEmpty() && path.getName().contains(lastFile)) {
      LEFT.set(0);
    }
    if (LEFT.decrementAndGet() < 0) {
      throw new Killed();
    }
    return super.pathToFile(path);
  }
}
