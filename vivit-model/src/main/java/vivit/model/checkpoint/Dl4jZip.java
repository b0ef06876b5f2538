package vivit.model.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import vivit.model.checkpoint.ZipMember.ZipMemberInput;

/**
 * A zip of DL4J's {@code ModelSerializer}, read without DL4J, which deserialises Java objects and
 * instantiates classes that the file names. Here the configuration is a tree of values, and the
 * parameters are numbers.
 *
 * <p>Other members are refused, except the updater's state, which {@code ModelSerializer} writes
 * unless told otherwise; it is not read.
 */
public final class Dl4jZip {

  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final Set<String> MEMBERS =
      Set.of(CONFIGURATION, COEFFICIENTS, "updaterState.bin");

  private static final long LONGEST_CONFIGURATION = 1 << 24;
  private static final int LONGEST_HEADER = 256;

  private final Bytes file;
  private final Map<String, ZipMember> members;

  private Dl4jZip(Bytes file, Map<String, ZipMember> members) {
    this.file = file;
    this.members = members;
  }

  /** Whether members are those of a DL4J model, perhaps with others. */
  static boolean is(List<ZipMember> members) {
    Set<String> names = members.stream().map(ZipMember::name).collect(Collectors.toSet());
    return names.containsAll(Set.of(CONFIGURATION, COEFFICIENTS));
  }

  /**
   * Opens a file; reads its directory only.
   *
   * @param file stays open
   * @throws CorruptCheckpointException if it is no DL4J model, or has other members
   */
  public static Dl4jZip open(Bytes file) throws IOException {
    List<ZipMember> members = ZipDirectory.read(file);
    for (ZipMember member : members) {
      if (!MEMBERS.contains(member.name())) {
        throw CorruptCheckpointException.at(
            file.name(),
            member.header(),
            "member %s is not part of a DL4J model as this program reads it, expected %s and %s only; save the model without it"
                .formatted(member.name(), CONFIGURATION, COEFFICIENTS));
      }
    }
    if (!is(members)) {
      throw CorruptCheckpointException.at(
          file.name(), 0, "%s or %s is missing".formatted(CONFIGURATION, COEFFICIENTS));
    }
    return new Dl4jZip(
        file, members.stream().collect(Collectors.toMap(ZipMember::name, Function.identity())));
  }

  /** The configuration as plain values. */
  public ObjectNode configuration() throws IOException {
    ZipMember member = members.get(CONFIGURATION);
    if (member.size() > LONGEST_CONFIGURATION) {
      throw CorruptCheckpointException.at(
          file.name(),
          member.header(),
          "%s has %d bytes, expected at most %d"
              .formatted(CONFIGURATION, member.size(), LONGEST_CONFIGURATION));
    }
    try (ZipMemberInput in = new ZipMemberInput(file, member)) {
      byte[] json = in.readNBytes((int) member.size());
      in.requireIntact();
      return StrictJson.parse(file.name(), json, offset -> member.data());
    }
  }

  /**
   * Describes a configuration that cannot be used.
   *
   * @param problem begins with a verb
   */
  public CorruptCheckpointException refusal(String problem, Throwable cause) {
    return CorruptCheckpointException.at(
        file.name(), members.get(CONFIGURATION).data(), CONFIGURATION + " " + problem, cause);
  }

  /**
   * Reads the parameters: one vector of float or double, in the order of the file.
   *
   * @param count of the configured model
   * @throws CorruptCheckpointException if the file holds another number of parameters
   * @throws TooLargeException if they do not fit the heap
   */
  public float[] coefficients(long count) throws IOException {
    ZipMember member = members.get(COEFFICIENTS);
    VectorHeader header;
    try (ZipMemberInput in = new ZipMemberInput(file, member)) {
      header = VectorHeader.read(ByteBuffer.wrap(in.readNBytes(LONGEST_HEADER)), count);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw CorruptCheckpointException.at(
          file.name(),
          member.data(),
          "%s is no vector of %d parameters: %s"
              .formatted(
                  COEFFICIENTS,
                  count,
                  e instanceof BufferUnderflowException ? "it ends early" : e.getMessage()),
          e);
    }
    TensorEntry entry =
        new TensorEntry(COEFFICIENTS, header.type(), new long[] {count}, member.data());
    if (count > TensorEntry.MOST_ELEMENTS || member.size() != header.bytes() + entry.bytes()) {
      throw CorruptCheckpointException.at(
          file.name(),
          member.data(),
          "%s has %d bytes, but the configured model has %d parameters of type %s"
              .formatted(COEFFICIENTS, member.size(), count, header.type()));
    }
    try (ZipMemberInput in = new ZipMemberInput(file, member)) {
      in.skipNBytes(header.bytes());
      float[] values = entry.read(in, ByteOrder.BIG_ENDIAN, file.name());
      in.requireIntact();
      return values;
    }
  }

  /**
   * What ND4J writes before the numbers of a vector: its shape, and the type.
   *
   * @param bytes before the first number
   */
  private record VectorHeader(ElementType type, int bytes) {

    private static final String STORAGE = "MIXED_DATA_TYPES";

    /** Reads the header, big-endian; refuses anything but one dense vector. */
    static VectorHeader read(ByteBuffer head, long count) {
      require("storage", text(head), STORAGE);
      long information = head.getLong();
      require("type of the shape", text(head), "LONG");
      long rank = head.getLong();
      if (rank < 1 || rank > 2 || information != 2 * rank + 4) {
        throw new IllegalArgumentException("it has %d axes, expected 1 or 2".formatted(rank));
      }
      if (rank == 2) {
        require("first size", Long.toString(head.getLong()), "1");
      }
      require("size", Long.toString(head.getLong()), Long.toString(count));
      head.position(head.position() + (int) (rank - 1) * Long.BYTES); // stride of the first axis
      require("stride", Long.toString(head.getLong()), "1");
      head.position(head.position() + 3 * Long.BYTES); // flags, common stride, order
      require("storage", text(head), STORAGE);
      require("length", Long.toString(head.getLong()), Long.toString(count));
      String type = text(head);
      return switch (type) {
        case "FLOAT" -> new VectorHeader(ElementType.F32, head.position());
        case "DOUBLE" -> new VectorHeader(ElementType.F64, head.position());
        default ->
            throw new IllegalArgumentException(
                "its type is '%s', expected FLOAT or DOUBLE".formatted(type));
      };
    }

    private static String text(ByteBuffer head) {
      int length = Short.toUnsignedInt(head.getShort());
      if (length > head.remaining()) {
        throw new IllegalArgumentException("it has a text of %d bytes".formatted(length));
      }
      byte[] raw = new byte[length];
      head.get(raw);
      return new String(raw, StandardCharsets.UTF_8);
    }

    private static void require(String what, String found, String expected) {
      if (!found.equals(expected)) {
        throw new IllegalArgumentException(
            "its %s is %s, expected %s".formatted(what, found, expected));
      }
    }
  }
}
