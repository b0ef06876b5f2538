package vivit.dataprep.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.ShardFile;

class VerifyReportTest {
  private static final String EVIL = "a\u001b[2J\nAll is well";

  private static VerifyReport report(int classes, List<String> problems) {
    List<String> names = new ArrayList<>(List.of(EVIL));
    IntStream.range(1, classes).forEach(i -> names.add("class " + i));
    List<Long> clips = IntStream.range(0, classes).mapToObj(i -> i / 7L).toList();
    List<Quarantined> bad =
        IntStream.range(0, 3)
            .mapToObj(i -> new Quarantined("v" + i, EVIL, kind(i), "cause", "f", "", 1))
            .toList();
    long sum = clips.stream().mapToLong(count -> count).sum();
    ShardFile shard = new ShardFile("part-00000.parquet", (int) sum, 1, "", 0, "");
    Manifest manifest =
        new Manifest(
            1,
            "test 1.0",
            Purpose.TRAINING,
            new ClipSettings(6, 5, 12.5, 11, 2, 4),
            LabelHeads.of(LabelMap.of(names)),
            List.of(shard),
            clips,
            1,
            Quarantine.of(bad),
            new TreeMap<>(),
            "");
    return new VerifyReport(new Path("/x\u0007y"), manifest, clips, problems);
  }

  private static BadKind kind(int i) {
    return i == 0 ? BadKind.MISSING : BadKind.NO_VIDEO;
  }

  @Test
  void saysInFewLinesWhatManyClassesHave() {
    assertThat(report(700, List.of()).text())
        .contains(" training clips of 1 video in 1 shard, format version 1, written by test 1.0")
        .containsPattern("label +700 +7 +0 +49 +99\\s")
        .contains("without clips: \"a\\u001b[2J\\nAll is well\", \"class 1\", \"class 2\",")
        .contains("3 videos left out: no-video 2, missing 1")
        .endsWith("All checksums, counts and sizes are right.")
        .hasLineCount(6);
  }

  @Test
  void showsNamesOfStrangersOnTheirLine() {
    assertThat(report(8, List.of("Cannot read " + EVIL)).text())
        .startsWith("/x\\u0007y: 1 training clip of 1 video")
        .doesNotContain("\u001b", "\u0007")
        .contains("\nCannot read a\\u001b[2J\\nAll is well\n")
        .endsWith("NOT GOOD.");
  }
}
