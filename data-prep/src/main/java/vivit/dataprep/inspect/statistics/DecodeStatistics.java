package vivit.dataprep.inspect.statistics;

import java.util.Comparator;
import java.util.List;

/**
 * What decoding cost.
 *
 * @param seconds per video
 * @param frames decoded, of all videos
 * @param bytes read, of all videos
 * @param totalSeconds of all videos
 * @param slowest the slowest first, a few
 */
public record DecodeStatistics(
    Distribution seconds,
    long frames,
    long bytes,
    double totalSeconds,
    List<DecodeTiming> slowest) {
  private static final int SLOWEST = 20;

  /** Of the timings of a set. */
  static DecodeStatistics of(List<DecodeTiming> timings) {
    return new DecodeStatistics(
        Distribution.of(
            "Decode time per video", "s", timings.stream().mapToDouble(DecodeTiming::seconds)),
        timings.stream().mapToLong(DecodeTiming::frames).sum(),
        timings.stream().mapToLong(DecodeTiming::bytes).sum(),
        timings.stream().mapToDouble(DecodeTiming::seconds).sum(),
        timings.stream()
            .sorted(
                Comparator.comparingDouble(DecodeTiming::seconds)
                    .reversed()
                    .thenComparing(DecodeTiming::video))
            .limit(SLOWEST)
            .toList());
  }
}
