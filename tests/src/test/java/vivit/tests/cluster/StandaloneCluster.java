package vivit.tests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Spark's own cluster manager: a master and workers, processes of their own on the loopback
 * address, started from the jars of this build. Commands run on it as {@code spark-submit} runs
 * them, each a process too.
 *
 * <p>Daemons and commands read their settings from one file that nobody else may read. Needs the
 * environment of {@link LocalCluster}, and the system property {@code vivit.jvm.opens}.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final String LOG =
      "-Dlog4j2.configurationFile=org/apache/spark/log4j2-defaults.properties";
  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";
  private static final String HEAP = "spark.driver.memory";
  private static final String OPTIONS = "spark.driver.extraJavaOptions";
  private static final String MASTER = "org.apache.spark.deploy.master.Master";
  private static final String WORKER = "org.apache.spark.deploy.worker.Worker";

  private final Path folder;
  private final Map<String, String> settings;
  private final List<JvmProcess> daemons = new ArrayList<>();
  private String daemonSettings;
  private String master;

  private StandaloneCluster(Path folder, Map<String, String> settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * Starts a master and {@code workers} workers of one core, and waits until all have registered.
   *
   * @param folder for files of settings and the working directories of executors
   * @param settings of the daemons and of the commands, in addition to what runs them at all
   */
  public static StandaloneCluster start(Path folder, int workers, Map<String, String> settings)
      throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(folder, settings);
    try {
      cluster.startMaster();
      cluster.addWorkers(workers, 1);
      return cluster;
    } catch (IOException | RuntimeException | Error failed) {
      cluster.close();
      throw failed;
    }
  }

  private void startMaster() throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    daemonSettings = file(settings);
    JvmProcess first = daemon(MASTER, "--port", "0");
    master = first.await("Starting Spark master at (spark://\\S+)");
    first.await("(New state: ALIVE)");
  }

  /** Starts workers of {@code cores} cores, and waits until they have registered. */
  public void addWorkers(int count, int cores) throws IOException {
    List<JvmProcess> added = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      added.add(
          daemon(
              WORKER,
              "--cores",
              Integer.toString(cores),
              "--memory",
              cores + "g",
              "--work-dir",
              folder.resolve("work").toString(),
              master));
    }
    added.forEach(worker -> worker.await("(Successfully registered with master)"));
  }

  private JvmProcess daemon(String type, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    arguments.addAll(List.of("--properties-file", daemonSettings));
    arguments.addAll(List.of(options));
    JvmProcess daemon = JvmProcess.start(type, List.of("-Xmx512m", LOG), arguments);
    daemons.add(daemon);
    return daemon;
  }

  /** Starts a command on this cluster with the cluster's settings. */
  public JvmProcess submit(Class<?> command, String... arguments) throws IOException {
    return submit(settings, command, arguments);
  }

  /**
   * Starts a command on this cluster with settings of its own, such as a stranger's. The settings
   * of the driver's heap and JVM options count, as they do for {@code spark-submit}.
   */
  public JvmProcess submit(Map<String, String> settings, Class<?> command, String... arguments)
      throws IOException {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("spark.master", master);
    all.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    all.put("spark.executorEnv.OMP_NUM_THREADS", "1");
    all.put("spark.kryo.registrationRequired", "true");
    all.merge(
        "spark.executor.extraJavaOptions",
        JvmProcess.SHORT_LIVED,
        (own, common) -> common + " " + own);
    List<String> options = new ArrayList<>(List.of("-Xmx" + all.getOrDefault(HEAP, "1g")));
    String extra = all.remove(OPTIONS);
    if (extra != null) {
      options.addAll(List.of(extra.split(" ", -1)));
    }
    List<String> words = new ArrayList<>(List.of("--properties-file", file(all)));
    words.addAll(List.of("--class", command.getName(), "spark-internal"));
    words.addAll(List.of(arguments));
    return JvmProcess.start(SUBMIT, options, words);
  }

  /** The executors that are running now. */
  public List<ProcessHandle> executors() {
    // Workers start nothing else.
    return daemons.stream()
        .flatMap(JvmProcess::descendants)
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /** Kills the worker that started last, and its executors. */
  public void killWorker() {
    daemons.remove(daemons.size() - 1).close();
  }

  /** What the daemons have written so far, among it the command line of every executor. */
  public String log() {
    return daemons.stream().map(JvmProcess::text).collect(Collectors.joining("\n"));
  }

  /** A new file of settings in Spark's form, which its owner alone may read. */
  private String file(Map<String, String> settings) throws IOException {
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    return Files.writeString(Files.createTempFile(folder, "settings", ".conf"), text).toString();
  }

  @Override
  public void close() {
    daemons.forEach(JvmProcess::close);
  }
}
