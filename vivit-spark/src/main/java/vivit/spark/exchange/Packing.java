package vivit.spark.exchange;

import java.nio.ByteBuffer;

/**
 * How the values of a slice are written for the network. What is smaller than float32 loses digits;
 * {@link #pack} says which values arrive.
 */
public enum Packing {
  /** As they are, 4 bytes a value. */
  FLOAT32,
  /** Rounded to the nearest bfloat16, ties to even; 2 bytes a value. */
  BFLOAT16,
  /**
   * Whole numbers from -127 to 127 times a factor for every 256 values, so that the largest of them
   * is 127; 1 byte a value and 4 a factor.
   */
  INT8;

  private static final int BLOCK = 256;
  private static final int LARGEST = 127;

  /** Length of a slice that holds so many packed values, in units of 4 bytes. */
  public int packedLength(int values) {
    return switch (this) {
      case FLOAT32 -> values;
      case BFLOAT16 -> (values + 1) / 2;
      case INT8 -> (values + BLOCK - 1) / BLOCK + (values + Float.BYTES - 1) / Float.BYTES;
    };
  }

  /**
   * Packs values into a slice of {@link #packedLength}.
   *
   * @param values finite; overwritten with what {@link #unpack} will give
   */
  public void pack(float[] values, Slice into) {
    ByteBuffer bytes = into.bytes();
    switch (this) {
      case FLOAT32 -> into.floats().put(values);
      case BFLOAT16 -> packHalves(values, bytes);
      case INT8 -> packBytes(values, bytes);
    }
  }

  private static void packHalves(float[] values, ByteBuffer into) {
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      int rounded = bits + 0x7fff + (bits >>> 16 & 1);
      into.putShort((short) (rounded >>> 16));
      values[i] = Float.intBitsToFloat(rounded & 0xffff0000);
    }
  }

  /** All factors first, then all bytes. */
  private static void packBytes(float[] values, ByteBuffer into) {
    byte[] packed = new byte[BLOCK];
    int blocks = (values.length + BLOCK - 1) / BLOCK;
    for (int block = 0; block < blocks; block++) {
      int from = block * BLOCK;
      int count = Math.min(BLOCK, values.length - from);
      float largest = 0;
      for (int i = 0; i < count; i++) {
        largest = Math.max(largest, Math.abs(values[from + i]));
      }
      float factor = largest / LARGEST;
      for (int i = 0; i < count; i++) {
        packed[i] = factor == 0 ? 0 : (byte) Math.round(values[from + i] / factor);
        values[from + i] = packed[i] * factor;
      }
      into.putFloat(block * Float.BYTES, factor);
      into.put(blocks * Float.BYTES + from, packed, 0, count);
    }
  }

  /** Reads all values of a packed slice. */
  public void unpack(Slice from, float[] into) {
    ByteBuffer bytes = from.bytes();
    switch (this) {
      case FLOAT32 -> from.floats().get(into);
      case BFLOAT16 -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = Float.intBitsToFloat(bytes.getShort() << 16);
        }
      }
      case INT8 -> unpackBytes(bytes, into);
    }
  }

  private static void unpackBytes(ByteBuffer from, float[] into) {
    byte[] packed = new byte[BLOCK];
    int blocks = (into.length + BLOCK - 1) / BLOCK;
    for (int block = 0; block < blocks; block++) {
      int first = block * BLOCK;
      int count = Math.min(BLOCK, into.length - first);
      float factor = from.getFloat(block * Float.BYTES);
      from.get(blocks * Float.BYTES + first, packed, 0, count);
      for (int i = 0; i < count; i++) {
        into[first + i] = packed[i] * factor;
      }
    }
  }
}
