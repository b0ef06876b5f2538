package vivit.spark.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.config.Span;

/** When checkpoints are written, {@code train.checkpoint.every}. */
public sealed interface CheckpointInterval {

  /** What {@link #parse} reads, for messages. */
  String EXPECTED = "auto, or a number above 0 and minutes, hours, seconds, steps or epochs";

  /** After some training: steps or epochs, above 0. */
  record AfterTraining(Span length) implements CheckpointInterval {
    /** Whether steps from {@code before} to {@code after} reach a multiple of the length. */
    public boolean isDue(long before, long after, long stepsPerEpoch) {
      double every = Math.max(1, length.steps(stepsPerEpoch));
      return Math.floor(after / every) > Math.floor(before / every);
    }
  }

  /** After some time since the checkpoint before; in seconds, above 0. */
  record AfterTime(double seconds) implements CheckpointInterval {
    private static final Pattern FORM =
        Pattern.compile(
            "\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*(s|seconds?|m|minutes?|h|hours?)\\s*");

    private static Optional<AfterTime> parse(String text) {
      Matcher time = FORM.matcher(text.toLowerCase(Locale.ROOT));
      if (!time.matches()) {
        return Optional.empty();
      }
      double unit =
          switch (time.group(2).charAt(0)) {
            case 'h' -> 3600;
            case 'm' -> 60;
            default -> 1;
          };
      return Optional.of(new AfterTime(Double.parseDouble(time.group(1)) * unit));
    }
  }

  /**
   * After a time that follows from how long it takes to write a checkpoint, so that as much of the
   * time as possible is training that counts.
   *
   * <p>Let writing take {@code w}, reading a checkpoint as long, and failures come once in {@code
   * m} of training. In a cycle from one failure to the next, the program runs for {@code m}, then
   * repeats half an interval {@code t / 2} on average and restores for {@code w}: the share {@code
   * m / (m + w + t / 2)} of the time goes forward, of which {@code t / (t + w)} is training and the
   * rest writing. Their product, the availability, is largest where the derivative of {@code (m + w
   * + t / 2) (1 + w / t)} is zero: {@code 1 / 2 = (m + w) w / t²}, so {@code t = sqrt(2 w (m +
   * w))}. For short writing that is Young's square root of {@code 2 w m}. Training goes on while a
   * checkpoint is written, so that {@code w} is more than what it costs, and the interval rather
   * too long than too short; the bounds keep it sensible where the model of failures is not.
   *
   * @see <a href="https://arxiv.org/abs/2410.18124">Saxena et al., Optimal Checkpoint Interval with
   *     Availability as an Objective Function</a>
   */
  record Computed() implements CheckpointInterval {
    /** Assumed time between two failures that cost a run its vectors, in hours. */
    public static final int HOURS_BETWEEN_FAILURES = 4;

    /** Seconds before the first checkpoint, which measures the writing; no interval is shorter. */
    public static final double SHORTEST = 60;

    private static final double LONGEST = 3600;

    /** The interval in seconds when writing takes so many. */
    public double seconds(double writing) {
      double between = HOURS_BETWEEN_FAILURES * 3600.0;
      double best = Math.sqrt(2 * writing * (between + writing));
      // The checkpoint before is written by then, even if writing is slow for once.
      double shortest = Math.max(SHORTEST, 2 * writing);
      return Math.max(shortest, Math.min(LONGEST, best));
    }
  }

  /** Reads {@code auto}, {@code 15 minutes}, {@code 500 steps}; empty for anything else. */
  static Optional<CheckpointInterval> parse(String text) {
    if (text.strip().equalsIgnoreCase("auto")) {
      return Optional.of(new Computed());
    }
    Optional<AfterTime> time = AfterTime.parse(text).filter(every -> every.seconds() > 0);
    return time.isPresent()
        ? Optional.of(time.get())
        : Span.parse(text).filter(span -> span.amount() > 0).map(AfterTraining::new);
  }
}
