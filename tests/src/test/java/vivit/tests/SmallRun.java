package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import vivit.dataprep.fixture.TinyTrainingSet;

/**
 * A run of four workers on 24 clips in four steps an epoch, each a round, with a model whose
 * vectors have several slices.
 *
 * @param folder of the run
 */
record SmallRun(Path folder) {
  static final int STEPS_PER_EPOCH = 4;
  private static final int CLIPS = 24;

  /** Writes the clips of all small runs in a folder. */
  static void writeShards(Path parent) throws IOException {
    TinyTrainingSet.write(parent.resolve("shards"), CLIPS);
  }

  /** The configuration, and what is special about this run. */
  String[] keys(int epochs, String... special) {
    List<String> keys = new ArrayList<>();
    keys.addAll(
        List.of(
            "model.preset=null",
            "model.width=48",
            "model.attention-heads=3",
            "model.mlp-width=100",
            "model.spatial-layers=2",
            "model.temporal-layers=1",
            "model.clip.frames=4",
            "model.clip.height=8",
            "model.clip.width=8",
            "model.tubelet.height=4",
            "model.tubelet.width=4"));
    keys.addAll(
        List.of(
            "train.shards=" + folder.resolveSibling("shards"),
            "train.run=" + folder,
            "train.workers=4",
            "train.epochs=" + epochs,
            "train.batch-size=6",
            "train.averaging.every=1",
            "train.ema-decay=0.9",
            "train.ledger=true",
            "train.learning-rate.base=0.01",
            "train.learning-rate.warmup=1 epoch",
            "train.checkpoint.every=5 steps"));
    keys.addAll(List.of(special));
    return keys.toArray(String[]::new);
  }

  /** The names of the newest checkpoint's vectors. */
  private List<String> vectors() throws IOException {
    try (Stream<Path> files = Files.list(newest("."))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".safetensors"))
          .sorted()
          .toList();
    }
  }

  /** The lines of a file of the run. */
  List<String> lines(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name));
  }

  /** Number of rounds that the run has logged. */
  long rounds() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }

  /** A file of the newest checkpoint. */
  Path newest(String name) throws IOException {
    try (Stream<Path> checkpoints = Files.list(folder.resolve("checkpoints"))) {
      return checkpoints.max(Path::compareTo).orElseThrow().resolve(name);
    }
  }

  /**
   * Fails unless both runs have ended with the same bits, after the same steps on the same clips.
   */
  void requireSameAs(SmallRun other) throws IOException {
    for (String file : vectors()) {
      assertThat(newest(file)).hasSameBinaryContentAs(other.newest(file));
    }
    assertThat(vectors()).contains("parameters.safetensors").isEqualTo(other.vectors());
    assertThat(lines("ledger.jsonl")).containsExactlyElementsOf(other.lines("ledger.jsonl"));
    assertThat(lines("metrics.jsonl")).hasSameSizeAs(other.lines("metrics.jsonl"));
  }
}
