package vivit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Seeded files whose lengths, numbers and nesting are chosen to exhaust a reader. */
final class HostileFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long[] LENGTHS = {
    0,
    1,
    -1,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    1 << 20,
    1 << 28,
    Integer.MAX_VALUE - 8,
    Integer.MAX_VALUE,
    0xFFFFFFFFL,
    1L << 32,
    1L << 33,
    1L << 40,
    Long.MAX_VALUE / 4,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "1",
          "-1",
          "1e308",
          "1e999999999",
          "2147483647",
          "2147483648",
          "1073741824",
          "4096",
          "65536",
          "999999",
          "9223372036854775807",
          "9".repeat(99),
          "9".repeat(5000),
          "\"\"",
          "\"a\"",
          "\"" + "a".repeat(100_000) + "\"",
          "[]",
          "{}",
          "[[[]]]",
          "[" + "1,".repeat(50_000) + "1]",
          "[" + "[],".repeat(50_000) + "[]]",
          "{\"@class\":\"java.lang.Object\"}");

  private final Random random;

  HostileFiles(Random random) {
    this.random = random;
  }

  /** A file with one to three changed places: a length, a piece, or its end. */
  byte[] bytes(byte[] original) {
    byte[] file = original.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && file.length > 8; changes--) {
      file = changed(file);
    }
    return file;
  }

  private byte[] changed(byte[] file) {
    int at = random.nextInt(file.length);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(file, at);
      case 1 -> spliced(file, at, Math.min(random.nextInt(64), file.length - at), new byte[0]);
      case 2 -> {
        int count = Math.min(random.nextInt(4096), file.length - at);
        yield spliced(file, at, 0, Arrays.copyOfRange(file, at, at + count));
      }
      default -> {
        int bytes = 1 << random.nextInt(4);
        int from = Math.min(at, file.length - bytes);
        ByteBuffer place =
            ByteBuffer.wrap(file)
                .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long length = length();
        switch (bytes) {
          case 1 -> place.put(from, (byte) length);
          case 2 -> place.putShort(from, (short) length);
          case 4 -> place.putInt(from, (int) length);
          default -> place.putLong(from, length);
        }
        yield file;
      }
    };
  }

  /** A length that readers get wrong, or its neighbour. */
  long length() {
    return LENGTHS[random.nextInt(LENGTHS.length)] + random.nextInt(3) - 1;
  }

  static byte[] spliced(byte[] file, int at, int removed, byte[] added) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    out.writeBytes(added);
    out.write(file, at + removed, file.length - at - removed);
    return out.toByteArray();
  }

  /** JSON with one value replaced by a hostile one, or cut off, or nested without end. */
  byte[] json(byte[] original) throws JsonProcessingException {
    String text = new String(original, StandardCharsets.UTF_8);
    JsonNode root = JSON.readTree(text);
    List<Runnable> places = new ArrayList<>();
    String mark = "\u0001";
    places(root, mark, places);
    places.get(random.nextInt(places.size())).run();
    return JSON.writeValueAsString(root)
        .replace("\"\\u0001\"", value())
        .getBytes(StandardCharsets.UTF_8);
  }

  private String value() {
    int choice = random.nextInt(VALUES.size() + 3);
    if (choice < VALUES.size()) {
      return VALUES.get(choice);
    }
    int depth = 1 << (4 + random.nextInt(14));
    return switch (choice - VALUES.size()) {
      case 0 -> "[".repeat(depth) + "]".repeat(depth);
      case 1 -> "{\"a\":".repeat(depth) + "0" + "}".repeat(depth);
      default -> Long.toString(length());
    };
  }

  private static void places(JsonNode node, String mark, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      for (Iterator<String> keys = object.fieldNames(); keys.hasNext(); ) {
        String key = keys.next();
        places.add(() -> object.put(key, mark));
        places(object.get(key), mark, places);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int place = i;
        places.add(() -> array.set(place, mark));
        places(array.get(i), mark, places);
      }
    }
  }

  /** A safetensors file with a hostile header before the same numbers. */
  byte[] safetensors(byte[] original) throws JsonProcessingException {
    int length = (int) ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = json(Arrays.copyOfRange(original, 8, 8 + length));
    return ByteBuffer.allocate(8 + header.length + original.length - 8 - length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(original, 8 + length, original.length - 8 - length)
        .array();
  }

  /**
   * A member of a zip.
   *
   * @param packed deflated bytes
   * @param size unpacked bytes
   */
  record Member(String name, byte[] packed, long size, long crc) {

    static Member of(String name, byte[] content) {
      CRC32 crc = new CRC32();
      crc.update(content);
      return new Member(
          name, deflated(content, Deflater.FULL_FLUSH, true), content.length, crc.getValue());
    }

    /** Content and then zeros, far more than are stored; the checksum is wrong. */
    static Member bomb(String name, byte[] content, long zeros) {
      byte[] million = deflated(new byte[1 << 20], Deflater.FULL_FLUSH, false);
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      packed.writeBytes(deflated(content, Deflater.FULL_FLUSH, false));
      for (long i = 0; i < zeros >> 20; i++) {
        packed.writeBytes(million);
      }
      packed.writeBytes(
          deflated(new byte[(int) (zeros & ((1 << 20) - 1))], Deflater.NO_FLUSH, true));
      return new Member(name, packed.toByteArray(), content.length + zeros, 0);
    }

    private static byte[] deflated(byte[] content, int flush, boolean end) {
      Deflater deflater = new Deflater(9, true);
      deflater.setInput(content);
      if (end) {
        deflater.finish();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[1 << 16];
      int count;
      do {
        count = deflater.deflate(piece, 0, piece.length, end ? Deflater.NO_FLUSH : flush);
        out.write(piece, 0, count);
      } while (count == piece.length || (end && !deflater.finished()));
      deflater.end();
      return out.toByteArray();
    }
  }

  /** A zip whose directory agrees with its members. */
  static byte[] zip(List<Member> members) {
    int bytes = 22;
    for (Member member : members) {
      bytes += 30 + 46 + 2 * member.name().length() + member.packed().length;
    }
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> places = new ArrayList<>();
    for (Member member : members) {
      places.add(out.position());
      out.putInt(0x04034b50).putShort((short) 20).putShort((short) 0);
      common(out, member);
      out.put(member.name().getBytes(StandardCharsets.US_ASCII)).put(member.packed());
    }
    int directory = out.position();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      out.putInt(0x02014b50).putShort((short) 20).putShort((short) 20).putShort((short) 0);
      common(out, member);
      out.putShort((short) 0).putInt(0).putInt(0).putInt(places.get(i));
      out.put(member.name().getBytes(StandardCharsets.US_ASCII));
    }
    int end = out.position();
    short count = (short) members.size();
    out.putInt(0x06054b50).putInt(0).putShort(count).putShort(count);
    return out.putInt(end - directory).putInt(directory).putShort((short) 0).array();
  }

  private static void common(ByteBuffer out, Member member) {
    out.putShort((short) 8).putInt(0).putInt((int) member.crc());
    out.putInt(member.packed().length).putInt((int) member.size());
    out.putShort((short) member.name().length()).putShort((short) 0);
  }
}
