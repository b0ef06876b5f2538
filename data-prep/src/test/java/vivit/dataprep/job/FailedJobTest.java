package vivit.dataprep.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.shard.CorruptShardException;

class FailedJobTest {
  private static JavaSparkContext sc;

  @BeforeAll
  static void start() {
    sc = LocalSpark.start(1);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private static List<String> run(Tasks.Task<String, String> task) throws IOException {
    return FailedJob.unwrapped(() -> Tasks.run(sc, List.of("a", "b"), String.class, task));
  }

  @Test
  void resultsComeInTheOrderOfTheItems() throws IOException {
    assertThat(run((item, hadoop) -> item + hadoop.get("fs.defaultFS")))
        .containsExactly("afile:///", "bfile:///");
    assertThat(Tasks.run(sc, List.<String>of(), String.class, (item, hadoop) -> item)).isEmpty();
  }

  @Test
  void whatAWorkerForesawIsThrownWithItsMessage() {
    assertThatThrownBy(
            () ->
                run(
                    (item, hadoop) -> {
                      throw new CorruptShardException("clip 7 is damaged");
                    }))
        .isInstanceOf(CorruptShardException.class)
        .hasMessage("clip 7 is damaged");
    assertThatThrownBy(
            () ->
                run(
                    (item, hadoop) -> {
                      throw new Refusal("no such model");
                    }))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no such model");
  }

  @Test
  void whatHadoopThrowsInAWorkerIsASentence() {
    assertThatThrownBy(
            () ->
                run(
                    (item, hadoop) -> {
                      throw new BlockMissingException("/a", "Could not obtain block: b file=/a", 0);
                    }))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Cannot use /a: a block of it is on no DataNode that is up; start the missing ones, or restore the file if they are lost (hdfs fsck tells). Hadoop says: BlockMissingException: Could not obtain block: b file=/a");
  }

  @Test
  void aBugOfAWorkerStaysAFailureOfSpark() {
    assertThatThrownBy(
            () ->
                run(
                    (item, hadoop) -> {
                      throw new IllegalStateException("closed twice");
                    }))
        .isInstanceOf(SparkException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("FailedJobTest");
  }
}
