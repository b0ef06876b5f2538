package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Bytes;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;

/** A stranger's zip runs nothing: no deserialisation, no class by name, no member but two. */
class HostileZipTest {

  private static final AtomicInteger RUNS = new AtomicInteger();

  /** Counts how often it is deserialised. */
  private static final class Payload implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      RUNS.incrementAndGet();
    }
  }

  /** Counts when it is initialised, once in a JVM. */
  @SuppressWarnings("unused")
  static final class Initialised {
    static {
      RUNS.incrementAndGet();
    }
  }

  @TempDir Path folder;

  @BeforeEach
  void reset() {
    RUNS.set(0);
  }

  private static Map<String, byte[]> members() throws IOException {
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(2, 4, 4),
            new Tubelet(1, 2, 2),
            4,
            2,
            6,
            new SpaceTime(1),
            Readout.MEAN,
            0,
            List.of(new Head("classes", 3)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ViViTZip.write(config, new float[(int) ParameterIndex.of(config).length()], out);
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        members.put(entry.getName(), zip.readAllBytes());
      }
    }
    return members;
  }

  private static byte[] zip(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
      }
    }
    return out.toByteArray();
  }

  private static byte[] payload() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(new Payload());
    }
    return out.toByteArray();
  }

  private ViViTZip.ZippedModel read(byte[] zip) throws IOException {
    Path file = folder.resolve("model.zip");
    Files.write(file, zip);
    try (Bytes bytes = Bytes.of(file)) {
      return ViViTZip.read(bytes);
    }
  }

  private void refused(byte[] zip, String problem) {
    Throwable thrown = catchThrowable(() -> read(zip));
    assertThat(RUNS).hasValue(0);
    assertThat(thrown)
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageMatching("(?s)Cannot read \\S*model\\.zip: .*\\(byte \\d+\\)")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"preprocessor.bin", "normalizer.bin", "noParams.marker", "x", "coefficients.bin/"})
  void otherMembersAreRefused(String name) throws IOException {
    Map<String, byte[]> members = members();
    members.put(name, payload());
    refused(zip(members), "member " + name);
  }

  /** Removes one member from the directory, so that only readers of a stream see it. */
  private static byte[] hidden(byte[] zip, String name) {
    ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int end = zip.length - 22;
    int from = buffer.getInt(end + 16);
    int at = from;
    while (true) {
      int nameBytes = buffer.getShort(at + 28);
      int entry = 46 + nameBytes + buffer.getShort(at + 30) + buffer.getShort(at + 32);
      if (new String(zip, at + 46, nameBytes, StandardCharsets.UTF_8).equals(name)) {
        ByteBuffer out = ByteBuffer.allocate(zip.length - entry).order(ByteOrder.LITTLE_ENDIAN);
        out.put(zip, 0, at).put(zip, at + entry, zip.length - at - entry);
        int members = buffer.getShort(end + 8) - 1;
        out.putShort(end - entry + 8, (short) members).putShort(end - entry + 10, (short) members);
        return out.putInt(end - entry + 12, buffer.getInt(end + 12) - entry).array();
      }
      at += entry;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void membersThatTheDirectoryDoesNotNameAreRefused(int place) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> member : members().entrySet()) {
      if (members.size() == place) {
        members.put("preprocessor.bin", payload());
      }
      members.put(member.getKey(), member.getValue());
    }
    members.putIfAbsent("preprocessor.bin", payload());
    refused(hidden(zip(members), "preprocessor.bin"), "directory does not name");
  }

  @Test
  void anyClassInTheConfigurationIsRefused() throws IOException {
    String evil = "{\"@class\":\"" + Initialised.class.getName() + "\"}";
    List<UnaryOperator<String>> attacks =
        List.of(
            json -> json.replace("\"iDropout\" : null", "\"iDropout\" : " + evil),
            json -> json.replace("\"preProcessor\" : null", "\"preProcessor\" : " + evil),
            json -> json.replace("\"regularization\" : [ ]", "\"regularization\" : [" + evil + "]"),
            json -> json.replace("vivit.model.dl4j.Momentum", Initialised.class.getName()),
            json ->
                json.replace(
                    "\"@class\" : \"vivit.model.dl4j.Momentum\",",
                    "\"@class\" : \"vivit.model.dl4j.Momentum\", \"learningRateSchedule\" : "
                        + evil
                        + ","));
    for (UnaryOperator<String> attack : attacks) {
      Map<String, byte[]> members = members();
      String json = new String(members.get("configuration.json"), StandardCharsets.UTF_8);
      String changed = attack.apply(json);
      assertThat(changed).isNotEqualTo(json);
      members.put("configuration.json", changed.getBytes(StandardCharsets.UTF_8));
      refused(zip(members), "configuration.json");
    }
  }
}
