package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;

class SameBytesTest {
  @TempDir Path folder;

  @Test
  void anyNumberOfThreadsWritesTheSameBytes() throws IOException {
    Path input = TestVideoFolders.write(folder);
    Files.write(input.resolve("open/empty.mp4"), new byte[0]);

    Map<String, byte[]> one = prepare(input, 1);

    assertThat(one.keySet())
        .contains("_manifest.json", "_quarantine.json", "_videos.jsonl", "part-00002.parquet");
    for (int threads : List.of(2, 4)) {
      prepare(input, threads);
      SetFiles.assertSame(folder.resolve("shards with " + threads), one);
    }
  }

  private Map<String, byte[]> prepare(Path input, int threads) throws IOException {
    Path output = folder.resolve("shards with " + threads);
    PrepareConfig config =
        TestVideoFolders.config(input, output, Purpose.TRAINING, "prepare.max-bad-share=0.5");
    try (JavaSparkContext sc = LocalSpark.start(threads)) {
      PrepareJob.run(sc, config);
    }
    return SetFiles.of(output);
  }
}
