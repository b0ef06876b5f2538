package vivit.model.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes msgpack by hand, valid or not. */
final class MsgpackBuilder {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  byte[] bytes() {
    return out.toByteArray();
  }

  MsgpackBuilder raw(int... bytes) {
    for (int value : bytes) {
      out.write(value);
    }
    return this;
  }

  MsgpackBuilder map(int pairs) {
    return raw(0xDE, pairs >> 8, pairs);
  }

  MsgpackBuilder text(String text) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    raw(0xDA, raw.length >> 8, raw.length);
    out.writeBytes(raw);
    return this;
  }

  MsgpackBuilder array(String type, float[] values, long... shape) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return array(type, data.array(), shape);
  }

  MsgpackBuilder array(String type, double[] values, long... shape) {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return array(type, data.array(), shape);
  }

  MsgpackBuilder array(String type, short[] values, long... shape) {
    ByteBuffer data = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asShortBuffer().put(values);
    return array(type, data.array(), shape);
  }

  private MsgpackBuilder array(String type, byte[] data, long... shape) {
    MsgpackBuilder inside = new MsgpackBuilder().raw(0x93, 0x90 + shape.length);
    for (long size : shape) {
      inside.raw(0xD3);
      inside.out.writeBytes(ByteBuffer.allocate(8).putLong(size).array());
    }
    inside.text(type).raw(0xC5, data.length >> 8, data.length);
    inside.out.writeBytes(data);
    byte[] payload = inside.bytes();
    raw(0xC8, payload.length >> 8, payload.length, 1);
    out.writeBytes(payload);
    return this;
  }
}
