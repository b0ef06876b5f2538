package vivit.dataprep.inspect.page;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.inspect.page.Html.Cell;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.text.Figures;

/** The section on how the set was made: geometry, configuration, hashes, shards. */
final class RecordSection {
  private static final int MOST_SHARDS = 500;

  private RecordSection() {}

  static void write(Html html, Manifest manifest) {
    html.section("record", "Configuration and hashes").open("div class=\"columns\"");
    html.open("div").element("h3", "Sampling and geometry").list(geometry(manifest)).close("div");
    html.open("div").element("h3", "Configuration");
    html.list(
            manifest.config().entrySet().stream()
                .map(entry -> List.of(entry.getKey(), entry.getValue()))
                .toList())
        .close("div");
    html.close("div").element("h3", "Hashes");
    html.list(
        List.of(
            List.of("set", manifest.hash()),
            List.of("labels", manifest.labelsHash()),
            List.of("format version", Integer.toString(manifest.formatVersion())),
            List.of("written by", manifest.producer())));
    html.open("details").element("summary", "Shards");
    html.table(
        List.of("shard", "clips", "size", "SHA-256"),
        manifest.shards().stream()
            .limit(MOST_SHARDS)
            .map(
                shard ->
                    List.of(
                        Cell.of(shard.name()),
                        Cell.of(shard.clips()),
                        new Cell(Figures.bytes(shard.bytes()), shard.bytes()),
                        Cell.of(shard.checksum())))
            .toList());
    if (manifest.shards().size() > MOST_SHARDS) {
      html.element(
          "p",
          "The first %d of %d; all are in _manifest.json."
              .formatted(MOST_SHARDS, manifest.shards().size()));
    }
    html.close("details").close("section");
  }

  /** Sampling and geometry of the clips, as names and values. */
  static List<List<String>> geometry(Manifest manifest) {
    List<List<String>> pairs = new ArrayList<>();
    pairs.add(List.of("purpose", manifest.purpose().word()));
    pairs.add(List.of("frames of a clip", Integer.toString(manifest.frames())));
    pairs.add(List.of("stride", Integer.toString(manifest.stride())));
    pairs.add(
        List.of(
            "sampling rate",
            manifest.framesPerSecond() == 0
                ? "the source's own frames"
                : Figures.number(manifest.framesPerSecond()) + " fps"));
    pairs.add(
        List.of(
            "shorter side",
            manifest.shortSide() == 0 ? "the source's" : manifest.shortSide() + " px"));
    pairs.add(
        List.of(
            "tubelet",
            "%d x %d x %d"
                .formatted(manifest.tubeletFrames(), manifest.patch(), manifest.patch())));
    return pairs;
  }
}
