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
  private static final String MASTER = "org.apache.spark.deploy.master.Master";
  private static final String WORKER = "org.apache.spark.deploy.worker.Worker";

  private final Path folder;
  private final Map<String, String> settings;
  private final List<JvmProcess> daemons = new ArrayList<>();
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
      cluster.startDaemons(workers);
      return cluster;
    } catch (IOException | RuntimeException | Error failed) {
      cluster.close();
      throw failed;
    }
  }

  private void startDaemons(int workers) throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    String file = file(settings);
    JvmProcess first = daemon(MASTER, "--port", "0", "--properties-file", file);
    master = first.await("Starting Spark master at (spark://\\S+)");
    first.await("(New state: ALIVE)");
    String work = folder.resolve("work").toString();
    for (int number = 0; number < workers; number++) {
      daemon(
          WORKER,
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          work,
          "--properties-file",
          file,
          master);
    }
    for (JvmProcess worker : daemons.subList(1, daemons.size())) {
      worker.await("(Successfully registered with master)");
    }
  }

  private JvmProcess daemon(String type, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    arguments.addAll(List.of(options));
    JvmProcess daemon = JvmProcess.start(type, List.of("-Xmx512m", LOG), arguments);
    daemons.add(daemon);
    return daemon;
  }

  /** Starts a command on this cluster with the cluster's settings. */
  public JvmProcess submit(Class<?> command, String... arguments) throws IOException {
    return submit(settings, command, arguments);
  }

  /** Starts a command on this cluster with settings of its own, such as a stranger's. */
  public JvmProcess submit(Map<String, String> settings, Class<?> command, String... arguments)
      throws IOException {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("spark.master", master);
    all.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    all.put("spark.executorEnv.OMP_NUM_THREADS", "1");
    all.put("spark.kryo.registrationRequired", "true");
    List<String> options = new ArrayList<>(List.of("--properties-file", file(all)));
    options.addAll(List.of("--class", command.getName(), "spark-internal"));
    options.addAll(List.of(arguments));
    return JvmProcess.start(SUBMIT, List.of("-Xmx1g"), options);
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
