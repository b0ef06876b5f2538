package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardFile;

/**
 * All figures about a set.
 *
 * @param labels per head
 * @param readable clips whose columns could be read
 * @param looping clips that repeat a video too short for them
 * @param sourceSizes how many clips came from frames of each size, the most frequent first
 * @param storedSizes how many clips are stored in each size
 * @param distributions of times, rates and bytes
 * @param storedBytes of the tubelets of the readable clips
 * @param plainBytes of these, uncompressed
 */
public record SetStatistics(
    List<LabelStatistics> labels,
    ClassMix mix,
    long readable,
    long looping,
    List<Amount> sourceSizes,
    List<Amount> storedSizes,
    List<Distribution> distributions,
    long storedBytes,
    long plainBytes,
    QuarantineStatistics quarantine,
    Optional<DecodeStatistics> decoding) {

  /** A value and how many clips have it. */
  public record Amount(String value, long clips) {}

  /** Of the readable clips in the order of the set. */
  public static SetStatistics of(
      Manifest manifest, List<ClipFact> clips, Optional<List<DecodeTiming>> timings, long seed) {
    QuarantineStatistics quarantine =
        QuarantineStatistics.of(manifest.heads(), manifest.quarantine());
    return new SetStatistics(
        IntStream.range(0, manifest.heads().count())
            .mapToObj(head -> LabelStatistics.of(manifest, head, clips, quarantine))
            .toList(),
        ClassMix.of(clips, manifest.heads().classes(), seed),
        clips.size(),
        clips.stream().filter(ClipFact::loops).count(),
        amounts(clips, clip -> clip.sourceWidth() + " x " + clip.sourceHeight()),
        amounts(clips, clip -> clip.width() + " x " + clip.height()),
        distributions(manifest, clips),
        clips.stream().mapToLong(ClipFact::storedBytes).sum(),
        clips.stream().mapToLong(ClipFact::plainBytes).sum(),
        quarantine,
        timings.map(DecodeStatistics::of));
  }

  /** Uncompressed bytes over stored ones; NaN without clips. */
  public double compressionRatio() {
    return storedBytes == 0 ? Double.NaN : (double) plainBytes / storedBytes;
  }

  private static List<Distribution> distributions(Manifest manifest, List<ClipFact> clips) {
    List<Distribution> all = new ArrayList<>();
    all.add(
        Distribution.of(
            "Annotated part",
            "s",
            clips.stream().mapToDouble(ClipFact::part).filter(part -> !Double.isNaN(part))));
    all.add(Distribution.of("Clip start", "s", clips.stream().mapToDouble(ClipFact::start)));
    all.add(
        Distribution.of(
            "Clip span",
            "s",
            clips.stream().filter(clip -> !clip.loops()).mapToDouble(ClipFact::span)));
    all.add(
        Distribution.of(
            "Source used up to",
            "s",
            lastTimes(clips).values().stream().mapToDouble(Double::doubleValue)));
    all.add(
        Distribution.of(
            "Source frame rate",
            "fps",
            clips.stream().mapToDouble(ClipFact::sourceRate).filter(rate -> rate > 0)));
    all.add(
        Distribution.of(
            "Source shorter side",
            "px",
            clips.stream().mapToDouble(c -> Math.min(c.sourceHeight(), c.sourceWidth()))));
    all.add(Distribution.of("Clip size", "B", clips.stream().mapToDouble(ClipFact::storedBytes)));
    all.add(
        Distribution.of(
            "Shard size", "B", manifest.shards().stream().mapToDouble(ShardFile::bytes)));
    all.add(
        Distribution.of(
            "Clips per shard", "", manifest.shards().stream().mapToDouble(ShardFile::clips)));
    return all.stream().filter(one -> one.count() > 0).toList();
  }

  /** Per video the time of the last frame that a clip uses: a lower bound of its length. */
  private static Map<Long, Double> lastTimes(List<ClipFact> clips) {
    Map<Long, Double> last = new HashMap<>();
    for (ClipFact clip : clips) {
      if (!clip.loops()) {
        last.merge(clip.video(), clip.start() + clip.span(), Math::max);
      }
    }
    return last;
  }

  private static List<Amount> amounts(List<ClipFact> clips, Function<ClipFact, String> value) {
    return clips.stream()
        .collect(Collectors.groupingBy(value, Collectors.counting()))
        .entrySet()
        .stream()
        .map(e -> new Amount(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingLong(Amount::clips).reversed().thenComparing(Amount::value))
        .toList();
  }
}
