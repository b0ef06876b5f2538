package vivit.dataprep.storage;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.text.Visible;

/**
 * The folder that JavaCPP extracts native libraries to, and loads them from: whoever can write
 * there runs code as this user.
 *
 * <p>JavaCPP takes a folder of the user's home or, where a container has none, one of a well-known
 * name among the temporary files. This class takes the home's folder only where nobody else can
 * write, and otherwise a new folder of Spark's local ones.
 */
public final class NativeCache {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCache.class);
  private static final String SETTING = "org.bytedeco.javacpp.cachedir";
  private static final String OLD_SETTING = "org.bytedeco.javacpp.cacheDir";
  private static final long ROOT = 0;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private NativeCache() {}

  /**
   * Sets JavaCPP's folder for this JVM, once; a folder that the user has set stays. Must run before
   * the first native library is loaded.
   *
   * @throws IOException if there is no place for it
   */
  public static synchronized void secure() throws IOException {
    if (System.getProperty(SETTING, System.getProperty(OLD_SETTING)) != null) {
      return;
    }
    Path cache = inHome(Path.of(System.getProperty("user.home", "")));
    if (cache == null) {
      cache = local();
    }
    System.setProperty(SETTING, cache.toString());
  }

  /** A new folder that Spark deletes at the end of this JVM, or the cluster manager later. */
  private static Path local() throws IOException {
    SparkEnv spark = SparkEnv.get();
    try {
      Path folder = Path.of(Utils.getLocalDir(spark == null ? new SparkConf() : spark.conf()));
      return Files.createTempDirectory(folder, "native-libraries-", OWNER_ONLY);
    } catch (IOException e) {
      throw new IOException(
          "Cannot make a folder for native libraries (%s); make room, or set spark.local.dir"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** JavaCPP's usual folder; null if it cannot be used. */
  private static Path inHome(Path home) {
    Path cache = home.resolve(".javacpp").resolve("cache");
    try {
      if (!home.isAbsolute() || !Files.isDirectory(home)) {
        return null;
      }
      make(cache.getParent());
      make(cache);
      List<Path> folders = new ArrayList<>(List.of(home, cache.getParent()));
      try (Stream<Path> inside = Files.walk(cache)) {
        inside.forEach(folders::add);
      }
      for (Path folder : folders) {
        Optional<String> danger = danger(folder);
        if (danger.isPresent()) {
          LOG.warn(
              "Native libraries are extracted for this process alone: {} {}; delete {}, so that they"
                  + " are extracted anew",
              Visible.text(folder.toString()),
              danger.get(),
              Visible.text(cache.getParent().toString()));
          return null;
        }
      }
      return Files.isWritable(cache) ? cache : null;
    } catch (IOException | UnsupportedOperationException e) { // a home that cannot be written
      LOG.debug("Native libraries are extracted for this process alone", e);
      return null;
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      // From an earlier run; looked at next.
    }
  }

  /** The reason why another user may have put a library into a folder, or changed one. */
  private static Optional<String> danger(Path folder) throws IOException {
    long owner = ((Integer) Files.getAttribute(folder, "unix:uid")).longValue();
    if (owner != ROOT && owner != new UnixSystem().getUid()) {
      return Optional.of("belongs to another user");
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    return permissions.contains(PosixFilePermission.GROUP_WRITE)
            || permissions.contains(PosixFilePermission.OTHERS_WRITE)
        ? Optional.of("can be written by other users")
        : Optional.empty();
  }
}
