package vivit.model.regularise;

import java.util.Arrays;

/**
 * Inverted dropout at one site of the network: a number becomes 0 with probability {@code rate} and
 * is divided by {@code 1 - rate} otherwise. The mask is a pure function of its seeds, so the
 * backward pass computes it again.
 *
 * @param rate in (0, 1)
 * @param seeds one per clip
 * @param repeat blocks of numbers per clip that share a mask, such as the frames of a clip in Model
 *     2's spatial encoder
 */
public record DropoutMask(double rate, long[] seeds, int repeat) {

  /** Refuses rates outside (0, 1). */
  public DropoutMask {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException("Dropout rate %s is not in (0, 1)".formatted(rate));
    }
    seeds = seeds.clone();
  }

  @Override
  public long[] seeds() {
    return seeds.clone();
  }

  /**
   * Computes the factors for all numbers of a tensor.
   *
   * @param length a multiple of clips times {@code repeat}
   */
  public double[] factors(int length) {
    int size = (int) blockSize(length);
    double kept = 1 / (1 - rate);
    double[] factors = new double[length];
    for (int block = 0; block < seeds.length * repeat; block++) {
      long seed = seeds[block / repeat];
      for (int i = 0; i < size; i++) {
        factors[block * size + i] = Seeds.uniform(Seeds.mix(seed, i)) < rate ? 0 : kept;
      }
    }
    return factors;
  }

  /**
   * Computes the factors for a range of a tensor, equal to those of {@link #factors(int)}.
   *
   * @param length number of elements of the tensor, a multiple of clips times {@code repeat}
   * @param from first number of the range
   * @param into receives {@code count} factors
   */
  public void factors(long length, long from, float[] into, int count) {
    long size = blockSize(length);
    float kept = (float) (1 / (1 - rate));
    int done = 0;
    while (done < count) {
      long block = (from + done) / size;
      long first = (from + done) % size;
      int end = (int) Math.min(count, done + size - first);
      long seed = seeds[(int) (block / repeat)];
      for (long i = first; done < end; i++, done++) {
        into[done] = Seeds.uniform(Seeds.mix(seed, i)) < rate ? 0 : kept;
      }
    }
  }

  private long blockSize(long length) {
    long blocks = (long) seeds.length * repeat;
    if (length % blocks != 0) {
      throw new IllegalArgumentException(
          "%d numbers cannot be %d blocks of a dropout mask".formatted(length, blocks));
    }
    return length / blocks;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropoutMask that
        && rate == that.rate
        && repeat == that.repeat
        && Arrays.equals(seeds, that.seeds);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(rate) * 31 + Arrays.hashCode(seeds);
  }

  @Override
  public String toString() {
    return "DropoutMask[rate=%s, clips=%d]".formatted(rate, seeds.length);
  }
}
