package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.prepare.WorkDone.WorkCounters;

@Timeout(60)
class WorkListenerTest {
  private static CountDownLatch seen;
  private JavaSparkContext sc;

  @BeforeEach
  void start() {
    seen = new CountDownLatch(1);
    sc = LocalSpark.start(2, new SparkConf().set("spark.executor.heartbeatInterval", "100ms"));
  }

  @AfterEach
  void stop() {
    sc.close();
  }

  private void run(WorkCounters counters) {
    sc.parallelize(List.of(new byte[] {1}, new byte[] {2}), 2)
        .map(
            id -> {
              counters.add(new WorkDone(1, 0, 10L * id[0], 100, 7));
              seen.await();
              counters.add(new WorkDone(1, 1, 0, 0, 1));
              return id;
            })
        .collect();
  }

  @Test
  void hearsOfTasksThatStillRunAndCountsThemOnce() throws Exception {
    WorkCounters counters = new WorkCounters(sc.sc());
    WorkListener listener = new WorkListener(counters, 100, () -> {});
    sc.sc().addSparkListener(listener);
    Thread job = new Thread(() -> run(counters));
    job.start();
    while (listener.work().videos() < 2) {
      Thread.onSpinWait(); // tasks go on only when this is over
    }
    assertThat(listener.work()).isEqualTo(new WorkDone(2, 0, 30, 200, 14));
    seen.countDown();
    job.join();

    sc.sc().listenerBus().waitUntilEmpty();
    assertThat(listener.work()).isEqualTo(new WorkDone(4, 2, 30, 200, 16));
    assertThat(listener.hasStopped()).isFalse();
  }

  @Test
  void stopsAJobWithTooManyBadVideos() {
    WorkCounters counters = new WorkCounters(sc.sc());
    WorkListener listener =
        new WorkListener(counters, 0, () -> sc.sc().cancelJobGroup("group of the test"));
    sc.sc().addSparkListener(listener);
    sc.setJobGroup("group of the test", "test", true);

    assertThatThrownBy(
            () ->
                sc.parallelize(List.of(new byte[] {1}, new byte[] {2}), 2)
                    .map(
                        id -> {
                          counters.add(new WorkDone(1, 1, 0, 0, 1));
                          if (id[0] == 2) {
                            seen.await(); // for ever
                          }
                          return id;
                        })
                    .collect())
        .hasMessageContaining("cancelled");
    assertThat(listener.hasStopped()).isTrue();
  }
}
