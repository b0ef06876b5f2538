package vivit.spark.input.pixels;

/**
 * Goes from one value to another and, with factors above 1, beyond: {@code a + f (b - a)} in
 * float32, clipped to [0, 255], truncated.
 */
final class Blend {
  private final float[] way = new float[511];

  Blend(float factor) {
    for (int difference = -255; difference <= 255; difference++) {
      way[difference + 255] = factor * difference;
    }
  }

  /** From {@code a} towards {@code b}, both from 0 to 255. */
  byte of(int a, int b) {
    return (byte) (int) Math.min(255f, Math.max(0f, a + way[b - a + 255]));
  }
}
