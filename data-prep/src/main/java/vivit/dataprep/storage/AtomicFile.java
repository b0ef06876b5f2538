package vivit.dataprep.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that appear under their final name only when complete.
 *
 * <p>The bytes go to a temporary name in the same folder ({@code .name.<uuid>.tmp}), reach the disk
 * (or the data nodes), and are then renamed. A file that already has the final name is replaced.
 */
public final class AtomicFile {
  private static final Logger LOG = LoggerFactory.getLogger(AtomicFile.class);

  private static final Pattern TEMPORARY =
      Pattern.compile("\\.(.+)\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

  private AtomicFile() {}

  /** Writes the content of one file; may close the stream or leave it open. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file completely or not at all.
   *
   * @throws IOException from the content or the file system; an existing file then keeps the final
   *     name
   */
  public static void write(FileSystem fs, Path finalName, Content content) throws IOException {
    Path temporary = temporaryName(finalName);
    boolean complete = false;
    try {
      try (FSDataOutputStream out = raw(fs).create(temporary, true)) {
        content.writeTo(new KeepOpenOutput(out));
        if (out.hasCapability(StreamCapabilities.HSYNC)) { // object stores write all when it closes
          out.hsync();
        }
      } catch (FSError e) { // thrown by a local file system when the disk is full
        throw new IOException(
            "Cannot write %s: %s; make room there and try again"
                .formatted(finalName, e.getCause().getMessage()),
            e);
      }
      rename(fs, temporary, finalName);
      complete = true;
    } finally {
      if (!complete) {
        deleteQuietly(fs, temporary);
      }
    }
  }

  /** A unique name in the same folder that table readers ignore. */
  public static Path temporaryName(Path finalName) {
    return new Path(
        finalName.getParent(), "." + finalName.getName() + "." + UUID.randomUUID() + ".tmp");
  }

  /**
   * The final name of a file whose name comes from {@link #temporaryName}, which a crashed run
   * leaves behind; empty for any other name. Check that the final name is yours before you delete
   * the file.
   */
  public static Optional<String> finalName(String temporary) {
    Matcher matcher = TEMPORARY.matcher(temporary);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * Renames a complete file to its final name in one step, replacing an existing file.
   *
   * @throws IOException if the file system cannot; then nothing has changed
   */
  public static void rename(FileSystem fs, Path from, Path to) throws IOException {
    if (raw(fs) instanceof RawLocalFileSystem local) {
      java.nio.file.Path target = local.pathToFile(to).toPath();
      Files.move(local.pathToFile(from).toPath(), target, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    } else if (fs instanceof DistributedFileSystem hdfs) {
      hdfs.rename(from, to, Rename.OVERWRITE);
    } else {
      FileContext.getFileContext(fs.getUri(), fs.getConf())
          .rename(fs.makeQualified(from), fs.makeQualified(to), Rename.OVERWRITE);
    }
  }

  /**
   * The file system to write with: a local one without Hadoop's {@code .crc} companions, which
   * would be a second file to keep in step with each.
   */
  public static FileSystem raw(FileSystem fs) {
    return fs instanceof LocalFileSystem local ? local.getRaw() : fs;
  }

  private static void deleteQuietly(FileSystem fs, Path path) {
    boolean interrupted = Thread.interrupted(); // HDFS calls fail in an interrupted thread
    try {
      raw(fs).delete(path, false);
    } catch (InterruptedIOException e) {
      interrupted = true;
    } catch (IOException e) {
      LOG.warn("Cannot delete the temporary file {}; delete it by hand", path, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
