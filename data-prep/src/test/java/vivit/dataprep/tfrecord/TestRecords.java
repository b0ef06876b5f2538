package vivit.dataprep.tfrecord;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes TFRecords and {@code SequenceExample}s, from the descriptions of both formats: plain loops
 * that share nothing with what they test.
 */
public final class TestRecords {
  private static final int POLYNOMIAL = 0x82f63b78; // of CRC-32C, least bit first

  private final List<byte[]> context = new ArrayList<>();
  private final List<byte[]> lists = new ArrayList<>();

  /** A record with a frame for each of these images. */
  public static TestRecords of(List<byte[]> images) {
    List<byte[]> features = images.stream().map(image -> message(1, bytesFeature(image))).toList();
    return new TestRecords().list("image/encoded", join(features));
  }

  public TestRecords index(long... ids) {
    return put("clip/label/index", int64Feature(ids));
  }

  public TestRecords text(String... names) {
    byte[] values = new byte[0];
    for (String name : names) {
      values = join(List.of(values, message(1, name.getBytes(StandardCharsets.UTF_8))));
    }
    return put("clip/label/text", message(1, values));
  }

  public TestRecords file(String name) {
    return put("video/filename", bytesFeature(name.getBytes(StandardCharsets.UTF_8)));
  }

  public TestRecords times(long startMicros, long endMicros) {
    put("clip/start/timestamp", int64Feature(startMicros));
    return put("clip/end/timestamp", int64Feature(endMicros));
  }

  /** A feature of the context. */
  public TestRecords put(String key, byte[] feature) {
    context.add(message(1, join(List.of(message(1, utf8(key)), message(2, feature)))));
    return this;
  }

  /** A feature list. */
  public TestRecords list(String key, byte[] featureList) {
    lists.add(message(1, join(List.of(message(1, utf8(key)), message(2, featureList)))));
    return this;
  }

  /** The message as serializers write it: the context first. */
  public byte[] example() {
    return join(List.of(message(1, join(context)), message(2, join(lists))));
  }

  /** The message with its fields the other way round, which means the same. */
  public byte[] contextLast() {
    return join(List.of(message(2, join(lists)), message(1, join(context))));
  }

  /** A shard of records. */
  public static byte[] shard(byte[]... payloads) {
    ByteArrayOutputStream shard = new ByteArrayOutputStream();
    for (byte[] payload : payloads) {
      byte[] length = littleEndian(payload.length, 8);
      shard.writeBytes(length);
      shard.writeBytes(littleEndian(masked(length), 4));
      shard.writeBytes(payload);
      shard.writeBytes(littleEndian(masked(payload), 4));
    }
    return shard.toByteArray();
  }

  static byte[] bytesFeature(byte[] value) {
    return message(1, message(1, value));
  }

  static byte[] floatFeature(int count) {
    return message(2, message(1, new byte[4 * count]));
  }

  /** Packed, as version 3 of the language has them. */
  static byte[] int64Feature(long... values) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (long value : values) {
      packed.writeBytes(varint(value));
    }
    return message(3, message(1, packed.toByteArray()));
  }

  /** One field per value, as version 2 of the language has them. */
  static byte[] unpackedInt64Feature(long... values) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (long value : values) {
      list.write(1 << 3);
      list.writeBytes(varint(value));
    }
    return message(3, list.toByteArray());
  }

  /** A length-delimited field. */
  static byte[] message(int field, byte[] content) {
    return join(List.of(varint((field << 3) | 2), varint(content.length), content));
  }

  static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }

  static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  static long masked(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      }
    }
    long unsigned = ~crc & 0xffffffffL;
    return (((unsigned >> 15) | (unsigned << 17)) + 0xa282ead8L) & 0xffffffffL;
  }

  private static byte[] littleEndian(long value, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
