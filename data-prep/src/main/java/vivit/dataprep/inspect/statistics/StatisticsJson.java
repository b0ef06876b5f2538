package vivit.dataprep.inspect.statistics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.inspect.statistics.Inspection.Described;
import vivit.dataprep.inspect.statistics.LabelStatistics.ClassCount;
import vivit.dataprep.inspect.statistics.SetStatistics.Amount;
import vivit.dataprep.inspect.statistics.SetStatistics.DecodeStatistics;
import vivit.dataprep.shard.Manifest;

/** Writes an inspection as JSON, for other programs. */
public final class StatisticsJson {
  /** Value of the field {@code kind}, which identifies the file. */
  public static final String KIND = "vivit-inspection";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] CHANNELS = {"red", "green", "blue"};

  private StatisticsJson() {}

  /** The JSON text in UTF-8. */
  public static byte[] of(Inspection inspection) {
    ObjectNode node = JSON.createObjectNode();
    node.put("kind", KIND).put("folder", inspection.folder());
    inspection.problems().forEach(node.putArray("problems")::add);
    inspection.set().ifPresent(set -> set(node, set));
    pixels(node, inspection.pixels());
    quarantine(node.putObject("quarantine"), inspection.quarantine());
    return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void set(ObjectNode node, Described set) {
    Manifest manifest = set.manifest();
    SetStatistics statistics = set.statistics();
    node.put("purpose", manifest.purpose().word())
        .put("producer", manifest.producer())
        .put("format_version", manifest.formatVersion())
        .put("clips", manifest.clips())
        .put("videos", manifest.videos())
        .put("shards", manifest.shards().size())
        .put("bytes", manifest.shards().stream().mapToLong(shard -> shard.bytes()).sum())
        .put("hash", manifest.hash())
        .put("labels_hash", manifest.labelsHash());
    node.putObject("clip")
        .put("frames", manifest.frames())
        .put("stride", manifest.stride())
        .put("frames_per_second", manifest.framesPerSecond())
        .put("short_side", manifest.shortSide())
        .put("tubelet_frames", manifest.tubeletFrames())
        .put("patch", manifest.patch());
    ObjectNode config = node.putObject("config");
    manifest.config().forEach(config::put);
    ArrayNode heads = node.putArray("heads");
    statistics.labels().forEach(head -> head(heads.addObject(), head));
    mix(node.putArray("class_mix"), statistics.mix());
    node.put("readable_clips", statistics.readable()).put("looping_clips", statistics.looping());
    amounts(node.putObject("source_sizes"), statistics.sourceSizes());
    amounts(node.putObject("stored_sizes"), statistics.storedSizes());
    ArrayNode distributions = node.putArray("distributions");
    statistics.distributions().forEach(one -> distribution(distributions.addObject(), one));
    node.put("stored_bytes", statistics.storedBytes()).put("plain_bytes", statistics.plainBytes());
    finite(node, "compression_ratio", statistics.compressionRatio());
    statistics.decoding().ifPresent(one -> decoding(node.putObject("decoding"), one));
  }

  private static void head(ObjectNode node, LabelStatistics head) {
    node.put("name", head.head())
        .put("labelling", head.labelling())
        .put("classes", head.classes().size())
        .put("empty_classes", head.empty().size());
    finite(node, "imbalance", head.imbalance());
    finite(node, "effective_classes", head.effectiveClasses());
    ArrayNode labels = node.putArray("labels");
    for (ClassCount one : head.classes()) {
      labels
          .addObject()
          .put("id", one.id())
          .put("name", one.name())
          .put("clips", one.clips())
          .put("videos", one.videos())
          .put("quarantined", one.quarantined())
          .put("quarantined_share", one.quarantinedShare());
    }
  }

  private static void mix(ArrayNode list, ClassMix mix) {
    for (ClassMix.Prefix prefix : mix.prefixes()) {
      list.addObject()
          .put("share", prefix.share())
          .put("clips", prefix.clips())
          .put("classes", prefix.classes())
          .put("distance", prefix.distance())
          .put("random_classes", prefix.randomClasses())
          .put("random_distance", prefix.randomDistance());
    }
  }

  private static void amounts(ObjectNode node, List<Amount> amounts) {
    amounts.forEach(amount -> node.put(amount.value(), amount.clips()));
  }

  private static void distribution(ObjectNode node, Distribution one) {
    node.put("name", one.name()).put("unit", one.unit()).put("count", one.count());
    finite(node, "min", one.min());
    finite(node, "max", one.max());
    finite(node, "mean", one.mean());
    ObjectNode percentiles = node.putObject("percentiles");
    one.percentiles().forEach((percent, value) -> finite(percentiles, percent.toString(), value));
  }

  private static void decoding(ObjectNode node, DecodeStatistics decoding) {
    distribution(node.putObject("seconds"), decoding.seconds());
    node.put("frames", decoding.frames()).put("bytes", decoding.bytes());
    node.put("total_seconds", decoding.totalSeconds());
    ArrayNode slowest = node.putArray("slowest");
    for (DecodeTiming one : decoding.slowest()) {
      slowest
          .addObject()
          .put("video", one.video())
          .put("seconds", one.seconds())
          .put("frames", one.frames())
          .put("bytes", one.bytes());
    }
  }

  private static void pixels(ObjectNode node, PixelStatistics pixels) {
    if (pixels.clips() == 0) {
      return;
    }
    ObjectNode channels = node.putObject("pixels").put("clips", pixels.clips());
    for (int c = 0; c < CHANNELS.length; c++) {
      channels
          .putObject(CHANNELS[c])
          .put("mean", pixels.mean(c))
          .put("deviation", pixels.deviation(c));
    }
  }

  private static void quarantine(ObjectNode node, QuarantineStatistics quarantine) {
    node.put("videos", quarantine.videos().size());
    node.put("salvaged", quarantine.quarantine().salvaged().size());
    node.put("remarks", quarantine.quarantine().remarked().size());
    ArrayNode causes = node.putArray("causes");
    for (QuarantineStatistics.Cause cause : quarantine.causes()) {
      causes
          .addObject()
          .put("kind", cause.kind())
          .put("cause", cause.cause())
          .put("videos", cause.videos());
    }
  }

  /** Writes NaN and infinity, which JSON lacks, as null. */
  private static void finite(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
