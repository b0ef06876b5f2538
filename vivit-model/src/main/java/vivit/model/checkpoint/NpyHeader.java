package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Header of a {@code .npy} array, versions 1 to 3.
 *
 * @param descriptor NumPy's name of the type, such as {@code <f4}
 * @param columnMajor Fortran order, the first axis fastest
 * @param bytes of the header, before the numbers
 */
record NpyHeader(String descriptor, boolean columnMajor, long[] shape, int bytes) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy itself reads headers of up to 10,000 bytes. */
  private static final int LONGEST = 1 << 14;

  private static final int MOST_AXES = 64;
  private static final Pattern FIELD =
      Pattern.compile(
          "\\s*'(descr|fortran_order|shape)'\\s*:\\s*"
              + "(?:'([^'\\\\]{1,16})'|(True|False)|\\(([0-9L, ]*)\\))\\s*(,|(?=}))");

  /** Reads the header, up to the first number. */
  static NpyHeader read(InputStream in, ZipMember member, String source) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw at(source, member, "does not begin as an .npy array");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw at(source, member, "has .npy version %d, expected 1 to 3".formatted(version));
    }
    byte[] size = in.readNBytes(version == 1 ? 2 : 4);
    ByteBuffer length =
        ByteBuffer.wrap(Arrays.copyOf(size, Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    int count = length.getInt();
    if (count < 0 || count > Math.min(LONGEST, member.size())) {
      throw at(source, member, "has an .npy header of %d bytes".formatted(count));
    }
    byte[] text = in.readNBytes(count);
    String dictionary = new String(text, StandardCharsets.ISO_8859_1).strip();
    return parse(dictionary, start.length + size.length + text.length, member, source);
  }

  private static NpyHeader parse(String dictionary, int bytes, ZipMember member, String source)
      throws CorruptCheckpointException {
    String shown = dictionary.substring(0, Math.min(120, dictionary.length()));
    Map<String, String> fields = new LinkedHashMap<>();
    if (dictionary.startsWith("{") && dictionary.endsWith("}")) {
      Matcher matcher = FIELD.matcher(dictionary);
      matcher.region(1, dictionary.length());
      while (matcher.lookingAt()) {
        int value = matcher.group(2) != null ? 2 : matcher.group(3) != null ? 3 : 4;
        fields.merge(matcher.group(1), value + matcher.group(value), (a, b) -> "twice");
        matcher.region(matcher.end(), dictionary.length());
      }
      if (!dictionary.substring(matcher.regionStart()).strip().equals("}")) {
        fields.clear();
      }
    }
    String descriptor = fields.getOrDefault("descr", "");
    String order = fields.getOrDefault("fortran_order", "");
    String shape = fields.getOrDefault("shape", "");
    if (!descriptor.startsWith("2") || !order.startsWith("3") || !shape.startsWith("4")) {
      throw at(
          source,
          member,
          "has the .npy header %s, expected the type of plain numbers, an order and a shape"
              .formatted(shown));
    }
    try {
      return new NpyHeader(
          descriptor.substring(1), order.equals("3True"), sizes(shape.substring(1)), bytes);
    } catch (NumberFormatException e) {
      throw CorruptCheckpointException.at(
          source,
          member.data(),
          "tensor %s has the impossible shape in %s".formatted(member.name(), shown),
          e);
    }
  }

  /** The sizes of {@code (768, 12, 64, )}; Python 2 wrote {@code 768L}. */
  private static long[] sizes(String tuple) {
    String list = tuple.strip();
    if (list.endsWith(",")) {
      list = list.substring(0, list.length() - 1).strip();
    }
    if (list.isEmpty()) {
      return new long[0];
    }
    String[] parts = list.split(",", MOST_AXES + 1);
    if (parts.length > MOST_AXES) {
      throw new NumberFormatException("more than " + MOST_AXES + " axes");
    }
    return Arrays.stream(parts)
        .map(part -> part.strip().replaceFirst("L$", ""))
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /** Type of the numbers; null for types that parameters cannot have. */
  ElementType type() {
    return switch (descriptor) {
      case "<f4", ">f4" -> ElementType.F32;
      case "<f8", ">f8" -> ElementType.F64;
      case "<f2", ">f2" -> ElementType.F16;
        // NumPy lacks bfloat16 and stores it as two untyped bytes.
      case "|V2", "<V2" -> ElementType.BF16;
      case "<i8", ">i8" -> ElementType.I64;
      case "<i4", ">i4" -> ElementType.I32;
      case "|u1" -> ElementType.U8;
      default -> null;
    };
  }

  ByteOrder byteOrder() {
    return descriptor.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static CorruptCheckpointException at(String source, ZipMember member, String problem) {
    return CorruptCheckpointException.at(
        source, member.data(), "tensor %s %s".formatted(member.name(), problem));
  }
}
