package vivit.dataprep.clip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The tables under {@code golden/v1}. */
final class GoldenTables {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode header;
  private final ByteBuffer data;

  private GoldenTables(byte[] safetensors) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(file.getLong());
    header = JSON.readTree(new String(safetensors, 8, headerLength, StandardCharsets.UTF_8));
    data = file.slice(8 + headerLength, safetensors.length - 8 - headerLength);
    data.order(ByteOrder.LITTLE_ENDIAN);
  }

  static GoldenTables pixels() throws IOException {
    return new GoldenTables(resource("sampling_pixels.safetensors"));
  }

  static JsonNode json(String name) throws IOException {
    return JSON.readTree(resource(name));
  }

  byte[] bytes(String tensor) {
    ByteBuffer range = range(tensor);
    byte[] values = new byte[range.remaining()];
    range.get(values);
    return values;
  }

  double[] doubles(String tensor) {
    ByteBuffer range = range(tensor).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[range.remaining() / Double.BYTES];
    range.asDoubleBuffer().get(values);
    return values;
  }

  int[] shape(String tensor) {
    return ints(header.get(tensor).get("shape"));
  }

  static int[] ints(JsonNode list) {
    List<Integer> values = new ArrayList<>();
    list.forEach(value -> values.add(value.asInt()));
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private ByteBuffer range(String tensor) {
    JsonNode offsets = header.get(tensor).get("data_offsets");
    int start = offsets.get(0).asInt();
    return data.slice(start, offsets.get(1).asInt() - start);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GoldenTables.class.getResourceAsStream("/golden/v1/tables/" + name)) {
      return in.readAllBytes();
    }
  }
}
