package vivit.spark.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;

/**
 * A file of JSON objects, one per line, each with a {@code step}: written line by line, readable
 * during the run, and truncated to a step when a run resumes from it.
 */
public final class LineLog implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FSDataOutputStream out;

  private LineLog(FSDataOutputStream out) {
    this.out = out;
  }

  /**
   * Opens the file at {@code path} for more lines, keeping the lines of earlier steps.
   *
   * @param lastStep lines of later steps are dropped, and so is an incomplete last line
   */
  public static LineLog resume(FileSystem fileSystem, Path path, long lastStep) throws IOException {
    FileSystem plain = AtomicFile.raw(fileSystem);
    AtomicFile.write(plain, path, out -> copy(plain, path, out, lastStep));
    return new LineLog(plain.append(path));
  }

  private static void copy(FileSystem from, Path path, OutputStream out, long lastStep)
      throws IOException {
    if (!from.exists(path)) {
      return;
    }
    try (FSDataInputStream in = from.open(path);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (step(line) <= lastStep) {
          out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static long step(String line) {
    try {
      JsonNode step = JSON.readTree(line).path("step");
      return step.isNumber() ? step.asLong() : Long.MAX_VALUE;
    } catch (JsonProcessingException cutShort) {
      return Long.MAX_VALUE;
    }
  }

  /** Adds one line, {@code value} as JSON, and flushes it. */
  public void add(Object value) throws IOException {
    out.write((JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
    out.hflush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
