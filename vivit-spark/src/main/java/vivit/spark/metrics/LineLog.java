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
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Links;

/**
 * A file of JSON objects, one per line, each with a {@code step}: written line by line, readable
 * during the run, and truncated to a step when a run resumes from it.
 */
public final class LineLog implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Thirty megabytes: a step of a hundred thousand clips. */
  private static final int LONGEST_LINE = 1 << 25;

  private final FSDataOutputStream out;
  private IOException failure;

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
    Links.refuse(plain, path, "a file that train wrote");
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

  /** Adds one line, {@code value} as JSON, and flushes it. */
  public void add(Object value) throws IOException {
    try {
      out.write((JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
      out.hflush();
    } catch (IOException failed) {
      failure = failed;
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException failed) {
      if (failed != failure) { // HDFS throws what stopped the writing once more
        throw failed;
      }
    }
  }
}
