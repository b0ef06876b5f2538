package vivit.dataprep.prepare;

import java.util.Arrays;
import java.util.Random;

/** What storage and copying do to files. */
public final class Damage {
  private Damage() {}

  /**
   * The bytes with one to three of: a flipped bit, bytes cut out, bytes put in, the end cut off.
   */
  public static byte[] of(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int some = 1 + random.nextInt(random.nextBoolean() ? 4 : 400);
      switch (random.nextInt(7)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes = join(bytes, at, new byte[0], Math.min(bytes.length, at + some));
        case 2 -> {
          byte[] more = new byte[some];
          random.nextBytes(more);
          bytes = join(bytes, at, more, at);
        }
        default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return bytes;
  }

  private static byte[] join(byte[] bytes, int end, byte[] between, int from) {
    byte[] all = Arrays.copyOf(bytes, end + between.length + bytes.length - from);
    System.arraycopy(between, 0, all, end, between.length);
    System.arraycopy(bytes, from, all, end + between.length, bytes.length - from);
    return all;
  }
}
