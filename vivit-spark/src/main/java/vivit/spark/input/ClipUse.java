package vivit.spark.input;

/**
 * One use of a clip in an epoch: the key of its draws, besides the seed of the run.
 *
 * @param epoch from 0
 * @param clip position in the shard set
 * @param number of this use among those of the clip in the epoch, from 0; above 0 with {@code
 *     train.repeats} and {@code train.sampling} only
 */
public record ClipUse(int epoch, int clip, int number) {

  /** The seed of a purpose for this use; the first use has (seed, epoch, clip) alone as its key. */
  public long seed(Draws.Use purpose, long runSeed) {
    return number == 0
        ? Draws.seed(purpose, runSeed, epoch, clip)
        : Draws.seed(purpose, runSeed, epoch, clip, number);
  }

  Draws draws(Draws.Use purpose, long runSeed) {
    return number == 0
        ? Draws.of(purpose, runSeed, epoch, clip)
        : Draws.of(purpose, runSeed, epoch, clip, number);
  }
}
