package vivit.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.ShutdownHookManager;
import vivit.dataprep.config.Refusal;
import vivit.model.engine.Threads;
import vivit.spark.executor.ExecutorShape;
import vivit.spark.train.TrainingDriver;
import vivit.spark.train.TrialRounds;
import vivit.spark.train.TrialRounds.Trial;

/** Measures rounds of training on executors, in turns with a raw transfer of the same bytes. */
final class RoundBench {
  private static final String MASTER = "spark.master";
  private static final String MEMORY = "spark.executor.memory";
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String CORES = "spark.executor.cores";
  private static final String HOME = "SPARK_HOME";

  private RoundBench() {}

  /**
   * Completes the settings of Spark: on a cluster its executors are measured, in local mode as many
   * as there are workers are started on this machine.
   */
  static SparkConf settings(SparkConf conf, int workers) {
    conf.setIfMissing("spark.kryo.registrator", "vivit.spark.VivitRegistrator");
    if (conf.get(MASTER, "local").matches("local(\\[.*\\])?")) {
      onThisMachine(conf, workers);
    }
    ExecutorShape.complete(conf);
    return conf;
  }

  private static void onThisMachine(SparkConf conf, int workers) {
    int cores = conf.getInt(CORES, Math.max(1, Threads.cores() / workers));
    long machine =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize()
            >> 20;
    conf.setIfMissing(MEMORY, "1g").setIfMissing(OVERHEAD, machine / 2 / workers + "m");
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    conf.set(
            MASTER,
            "local-cluster[%d,%d,%d]".formatted(workers, cores, conf.getSizeAsMb(MEMORY, "1g")))
        .set(CORES, String.valueOf(cores))
        .set("spark.cores.max", String.valueOf(cores * workers))
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1")
        .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1")
        .setIfMissing("spark.driver.host", "localhost")
        .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
        .setIfMissing("spark.ui.enabled", "false")
        .setIfMissing("spark.authenticate", "true")
        .setIfMissing("spark.authenticate.secret", HexFormat.of().formatHex(secret));
    prepareHome();
  }

  /** Executors start from this class path; of an installation they need nothing but its folder. */
  private static void prepareHome() {
    String home = System.getenv(HOME);
    if (home == null) {
      throw new Refusal(
          HOME
              + ": found none, expected a folder in which executors may run; use bin/vivit, which"
              + " sets it");
    }
    try {
      Files.createDirectories(Path.of(home, "jars"));
    } catch (IOException unwritable) {
      throw new Refusal("Cannot prepare %s %s: %s".formatted(HOME, home, unwritable), unwritable);
    }
  }

  /** Measures rounds of a run. */
  static RoundReport measure(
      JavaSparkContext sc,
      BenchSettings settings,
      int workers,
      Repeats repeats,
      TrainingDriver driver)
      throws IOException {
    if (sc.master().startsWith("local-cluster")) {
      // The working directories of executors on this machine; deleted when they have ended.
      ShutdownHookManager.registerShutdownDeleteDir(
          Path.of(System.getenv(HOME), "work", sc.sc().applicationId()).toFile());
    }
    List<Trial> trials = new ArrayList<>();
    List<Double> raw = new ArrayList<>();
    int warmup = 0;
    try (TrialRounds rounds = new TrialRounds(driver, workers)) {
      rounds.next();
      if (rounds.peers().size() != workers) {
        throw new Refusal(
            "--workers: found %d, but their tasks ran on %d executors; expected one a worker: give"
                    .formatted(workers, rounds.peers().size())
                + " --num-executors and --executor-cores, or another number");
      }
      RawTransfer transfer = new RawTransfer(sc, rounds.peers());
      long start = System.nanoTime();
      do {
        transfer.seconds(rounds.next().cost().transfers());
        warmup++;
      } while (settings.warmup().more(warmup, since(start)));
      start = System.nanoTime();
      while (repeats.more(trials.size(), since(start))) {
        Trial trial = rounds.next();
        trials.add(trial);
        raw.add(transfer.seconds(trial.cost().transfers()));
      }
    }
    BenchSettings onExecutors =
        settings.on(driver.model(), sc.getConf().getInt("spark.task.cpus", 1));
    onExecutors.limitThreads();
    return RoundReport.of(
        Subject.of(onExecutors), workers, trials.get(0).steps(), warmup + 1, trials, raw);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
