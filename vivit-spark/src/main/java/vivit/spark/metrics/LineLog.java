package vivit.spark.metrics;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Links;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/**
 * A file of JSON objects, one per line, each with a {@code step}: written line by line, readable
 * during the run, and truncated to a step when a run resumes from it.
 *
 * <p>A storage that fails for a while fails nobody: lines are kept in memory until they can be
 * written, each once.
 */
public final class LineLog implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LineLog.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Thirty megabytes: a step of a hundred thousand clips. */
  private static final int LONGEST_LINE = 1 << 25;

  private static final int MOST_PENDING = 1 << 26; // characters

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final FileSystem fs;
  private final Path path;
  private final Deque<String> pending = new ArrayDeque<>();
  private FSDataOutputStream out; // null after a failure
  private long lastStep; // of the lines that are in the file for sure
  private long pendingStep;
  private long characters; // that are pending
  private long dropped;
  private long failedNanos;
  private Optional<IOException> failure = Optional.empty();

  private LineLog(FileSystem fs, Path path, long lastStep) {
    this.fs = fs;
    this.path = path;
    this.lastStep = lastStep;
  }

  /**
   * Opens the file at {@code path} for more lines, keeping the lines of earlier steps.
   *
   * @param lastStep lines of later steps are dropped, and so is an incomplete last line
   */
  public static LineLog resume(FileSystem fileSystem, Path path, long lastStep) throws IOException {
    FileSystem plain = AtomicFile.raw(fileSystem);
    Links.refuse(plain, path, "a file that train wrote");
    LineLog log = new LineLog(plain, path, lastStep);
    log.open();
    return log;
  }

  /**
   * Begins a new file with the earlier lines, which takes the place of the old one and stays open:
   * HDFS appends to a file only where as many DataNodes are left as it has copies.
   */
  private void open() throws IOException {
    Path begun = AtomicFile.temporaryName(path);
    FSDataOutputStream file = fs.create(begun, false);
    try {
      copy(fs, path, file, lastStep);
      file.hsync();
      AtomicFile.rename(fs, begun, path);
    } catch (IOException | RuntimeException | FSError failed) {
      abandon(file);
      discard(begun);
      throw failed;
    }
    out = file;
  }

  /** Deletes what was begun, and lets HDFS close the old file, which may be open still. */
  private void discard(Path begun) {
    try {
      fs.delete(begun, false);
      if (fs instanceof DistributedFileSystem hdfs && hdfs.exists(path)) {
        hdfs.recoverLease(path);
      }
    } catch (IOException again) {
      LOG.debug("As before", again);
    }
  }

  private static void copy(FileSystem from, Path path, OutputStream out, long lastStep)
      throws IOException {
    if (!from.exists(path)) {
      return;
    }
    try (FSDataInputStream in = from.open(path);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      long number = 1;
      for (String line = line(reader, path, number);
          !line.isEmpty();
          line = line(reader, path, ++number)) {
        if (step(line) <= lastStep) {
          String whole = line.endsWith("\n") ? line : line + "\n";
          out.write(whole.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  /** The next line with its end; empty after the last. */
  private static String line(BufferedReader reader, Path path, long number) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      line.append((char) c);
      if (c == '\n') {
        break;
      }
      if (line.length() == LONGEST_LINE) {
        throw new IOException(
            "Cannot read %s: line %d has more than %d characters; it is not a file of this run"
                .formatted(path, number, LONGEST_LINE));
      }
    }
    return line.toString();
  }

  /** The step of a line; the largest number for lines without one, and for those cut short. */
  private static long step(String line) throws IOException {
    long step = Long.MAX_VALUE;
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return step;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals("step");
        JsonToken value = parser.nextToken();
        if (found) {
          step = value.isNumeric() ? parser.getValueAsLong() : Long.MAX_VALUE;
        }
        parser.skipChildren();
      }
      return step;
    } catch (JsonProcessingException cutShort) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Adds lines, and flushes them if the storage answers.
   *
   * @param step the latest of theirs
   * @param values one for each line
   */
  public void add(long step, List<?> values) throws JsonProcessingException {
    for (Object value : values) {
      String line = JSON.writeValueAsString(value) + "\n";
      pending.add(line);
      characters += line.length();
    }
    pendingStep = step;
    if (failure.isEmpty() || System.nanoTime() - failedNanos > PAUSE_NANOS) {
      flush();
    }
    while (characters > MOST_PENDING) {
      characters -= pending.remove().length();
      dropped++;
    }
  }

  /** Writes all lines that are not written yet, if that is possible. */
  private void flush() {
    try {
      write();
    } catch (IOException | FSError failed) { // FSError: a local disk is full
      if (out != null) {
        abandon(out);
        out = null;
      }
      IOException problem = failed instanceof IOException io ? io : new IOException(failed);
      if (failure.isEmpty()) {
        LOG.warn(
            "Cannot write {}: {}; its lines are kept in memory until it can be written",
            Visible.text(path.toString()),
            Visible.text(message(problem)));
      }
      failure = Optional.of(problem);
      failedNanos = System.nanoTime();
    }
  }

  private void write() throws IOException {
    if (out == null) {
      open();
    }
    for (String line : pending) {
      out.write(line.getBytes(StandardCharsets.UTF_8));
    }
    out.hflush();
    pending.clear();
    characters = 0;
    lastStep = Math.max(lastStep, pendingStep);
    if (failure.isPresent()) {
      LOG.info("{} can be written again", Visible.text(path.toString()));
      failure = Optional.empty();
    }
  }

  /** Closes a file that cannot be written, of which HDFS says so once more. */
  private static void abandon(FSDataOutputStream file) {
    try {
      file.close();
    } catch (IOException | FSError again) {
      LOG.debug("As before", again);
    }
  }

  /**
   * Writes what is not written yet, or fails.
   *
   * @throws IOException why they cannot be written
   */
  public void requireWritten() throws IOException {
    if (!pending.isEmpty()) {
      flush();
    }
    if (!pending.isEmpty() || dropped > 0) {
      throw new IOException(
          "Cannot write %s: %s"
              .formatted(path, failure.map(LineLog::message).orElse("lines are lost")),
          failure.orElse(null));
    }
  }

  private static String message(IOException failed) {
    return String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
  }

  /** Closes the file; says how many lines could not be written. */
  @Override
  public void close() {
    flush();
    if (out != null) {
      abandon(out); // what counts has been flushed
    }
    if (!pending.isEmpty() || dropped > 0) {
      LOG.warn(
          "{} lacks {}: {}",
          Visible.text(path.toString()),
          Figures.of(pending.size() + dropped, "line"),
          Visible.text(failure.map(LineLog::message).orElse("")));
    }
  }
}
