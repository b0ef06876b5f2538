package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.spark.train.TrainingSpark;

/** A shard goes bad while a run that has opened it goes on. */
class CorruptShardTrainingTest {
  @TempDir Path folder;

  @Test
  void trainingEndsWithTheShardAndTheClip() throws IOException {
    Path shards = folder.resolve("shards");
    TinyTrainingSet.write(shards, 12);
    Path shard = shards.resolve("part-00001.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 4] ^= 1;
    Files.write(shard, bytes);
    String[] args = {
      "model.preset=null",
      "model.width=12",
      "model.attention-heads=3",
      "model.mlp-width=20",
      "model.spatial-layers=1",
      "model.temporal-layers=1",
      "model.clip.frames=4",
      "model.clip.height=8",
      "model.clip.width=8",
      "model.tubelet.height=4",
      "model.tubelet.width=4",
      "train.epochs=2",
      "train.batch-size=3",
      "train.workers=1",
      "train.averaging.every=1",
      "train.learning-rate.warmup=0 epochs",
      "train.shards=" + shards.toUri(),
      "train.run=" + folder.resolve("run").toUri()
    };
    Command command = new Command("vivit train", List.of());

    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintStream before = System.err;
    int status;
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      status =
          command.status(args, () -> Train.run(TrainingSpark.context(), StrictConfig.load(args)));
    } finally {
      System.setErr(before);
    }

    assertThat(status).isEqualTo(Command.FAILED);
    List<String> lines = told.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines.get(lines.size() - 1))
        .matches(
            "Cannot read .*part-00001\\.parquet: clip \\d \\(row group \\d\\) \\(byte \\d+\\) has"
                + " checksum [0-9a-f]{8}, expected [0-9a-f]{8}; prepare this shard again");
  }
}
