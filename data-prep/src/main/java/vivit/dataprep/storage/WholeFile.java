package vivit.dataprep.storage;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Files that are read as a whole, and JSON in them. The heap bounds what they may take, so that no
 * file exhausts it, whatever it holds: in a heap of 1 GiB, 64 MiB of a file, four million values of
 * JSON, a million rows and a clip of 256 MiB.
 */
public final class WholeFile {
  private static final long HEAP_PER_BYTE = 16;
  private static final long HEAP_PER_VALUE = 256;
  private static final long HEAP_PER_ROW = 1024;
  private static final long HEAP_PER_CLIP_BYTE = 4;
  private static final long MIB = 1 << 20;

  private WholeFile() {}

  /** Input that would take more memory than there is. The message does not name the file. */
  public static final class OversizedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param found what there is too much of, such as {@code 7000000 rows}
     * @param most how many of them are accepted
     */
    public OversizedFileException(String found, long most) {
      super(
          "it has %s, expected at most %d in a heap of %d MiB; if the file is right, give more memory"
              .formatted(found, most, Runtime.getRuntime().maxMemory() / MIB));
    }
  }

  /** Most bytes of a file. */
  public static long mostBytes() {
    return Math.min(Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE, Integer.MAX_VALUE / 2);
  }

  /** Most bytes of text that a list of rows may keep. */
  public static long mostText() {
    return 2 * mostBytes();
  }

  /** Most bytes of one clip, stored or unpacked. */
  public static int mostClipBytes() {
    return (int) Math.min(Runtime.getRuntime().maxMemory() / HEAP_PER_CLIP_BYTE, Integer.MAX_VALUE);
  }

  /** Most values of a structure, such as a tree of JSON. */
  public static long mostValues() {
    return Runtime.getRuntime().maxMemory() / HEAP_PER_VALUE;
  }

  /** Most rows of a list, or files of a folder. */
  public static long mostRows() {
    return Runtime.getRuntime().maxMemory() / HEAP_PER_ROW;
  }

  /**
   * Reads a file.
   *
   * @throws OversizedFileException if it has more than {@link #mostBytes}, whatever its stated
   *     length
   */
  public static byte[] read(FileSystem fs, Path file) throws IOException {
    return read(fs, file, mostBytes());
  }

  /** Reads a file of at most {@code most} bytes. */
  public static byte[] read(FileSystem fs, Path file, long most) throws IOException {
    long stated = fs.getFileStatus(file).getLen();
    if (stated > most) {
      throw new OversizedFileException(stated + " bytes", most);
    }
    try (InputStream in = fs.open(file)) {
      byte[] bytes = in.readNBytes((int) most + 1);
      if (bytes.length > most) {
        throw new OversizedFileException("more than %d bytes".formatted(most), most);
      }
      return bytes;
    }
  }

  /**
   * Reads a file of JSON, in UTF-8.
   *
   * @throws OversizedFileException if it has more bytes or values than fit
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON, or nested too
   *     deeply
   */
  public static JsonNode json(FileSystem fs, Path file, ObjectMapper mapper) throws IOException {
    return json(new String(read(fs, file), StandardCharsets.UTF_8), mapper);
  }

  /** Parses JSON; a missing node if the text is blank. */
  public static JsonNode json(String text, ObjectMapper mapper) throws IOException {
    try (JsonParser parser = new Counting(mapper.getFactory().createParser(text))) {
      JsonNode node = mapper.readTree(parser);
      return node == null ? MissingNode.getInstance() : node;
    } catch (IllegalStateException e) { // names made to collide in the parser's table
      throw new JsonParseException(null, e.getMessage(), e);
    }
  }

  /** Counts the tokens that become nodes of a tree. */
  private static final class Counting extends JsonParserDelegate {
    private final long most = mostValues();
    private long count;

    Counting(JsonParser parser) {
      super(parser);
    }

    @Override
    public JsonToken nextToken() throws IOException {
      count++;
      if (count > most) {
        throw new OversizedFileException("more than %d values of JSON".formatted(most), most);
      }
      return super.nextToken();
    }
  }
}
