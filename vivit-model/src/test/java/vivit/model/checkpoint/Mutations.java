package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/**
 * Damages a file in many ways and demands that each is either read to the very same values or
 * refused by a {@link CorruptCheckpointException} that names file and byte, without claiming more
 * memory than the file can hold.
 */
final class Mutations {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MOST_BYTES = 32L << 20;

  private final String name;
  private final byte[] original;
  private final Reading reading;
  private final Object expected;
  private int refused;
  private int same;

  /** The values that a damaged file yields. */
  @FunctionalInterface
  interface Reading {
    Object read(byte[] file) throws IOException;
  }

  Mutations(String name, byte[] original, Reading reading) throws IOException {
    this.name = name;
    this.original = original;
    this.reading = reading;
    this.expected = reading.read(original);
  }

  /**
   * Seeded damage of every kind.
   *
   * @param visible bytes whose change a reader can see; numbers without a checksum are not
   */
  Mutations damage(long seed, int each, IntPredicate visible) {
    Random random = new Random(seed);
    Map<String, byte[]> mutants = new LinkedHashMap<>();
    for (int i = 0; i < each; i++) {
      int position = place(random, visible);
      byte[] flipped = original.clone();
      flipped[position] ^= (byte) (1 << random.nextInt(8));
      mutants.put("bit of byte " + position, flipped);
      position = place(random, visible);
      byte[] replaced = original.clone();
      replaced[position] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt());
      mutants.put("byte " + position, replaced);
      int length = random.nextInt(original.length);
      mutants.put("first " + length, Arrays.copyOf(original, length));
      position = random.nextInt(original.length);
      int count = 1 + random.nextInt(Math.min(64, original.length - position));
      mutants.put("without " + count + " at " + position, spliced(position, count, new byte[0]));
      byte[] more = new byte[1 + random.nextInt(64)];
      random.nextBytes(more);
      mutants.put("with " + more.length + " at " + position, spliced(position, 0, more));
    }
    for (int edge = 0; edge < 24; edge++) {
      mutants.put("first " + edge, Arrays.copyOf(original, edge));
      mutants.put("but last " + edge, Arrays.copyOf(original, original.length - 1 - edge));
      mutants.put("and zeros " + edge, Arrays.copyOf(original, original.length + 1 + edge));
    }
    mutants.forEach(this::check);
    return this;
  }

  /** One kind of damage. */
  void check(String what, byte[] mutant) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      assertThat(reading.read(mutant)).as("%s: %s", name, what).isEqualTo(expected);
      same++;
    } catch (CorruptCheckpointException e) {
      refused++;
      assertThat(e.getMessage())
          .as("%s: %s", name, what)
          .matches("(?s)Cannot read \\S*" + name + ".*byte \\d+.*");
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      fail("%s: %s gives %s".formatted(name, what, e), e);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .as("bytes claimed by %s: %s", name, what)
        .isLessThan(MOST_BYTES);
  }

  /** Number of refused mutations; the others read the same values. */
  int refused() {
    return refused;
  }

  int all() {
    return refused + same;
  }

  private int place(Random random, IntPredicate visible) {
    while (true) {
      int position = random.nextInt(original.length);
      if (visible.test(position)) {
        return position;
      }
    }
  }

  private byte[] spliced(int position, int removed, byte[] added) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(original, 0, position);
    out.writeBytes(added);
    out.write(original, position + removed, original.length - position - removed);
    return out.toByteArray();
  }
}
