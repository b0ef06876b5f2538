package vivit.dataprep.isolation;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;

/** The command line that starts a helper process. */
final class HelperCommand {
  /** Environment variables whose options are meant for other JVMs. */
  private static final List<String> FOREIGN_OPTIONS =
      List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH");

  /**
   * Runs its arguments as a command, with the protocol on descriptor 3 and standard output sent to
   * the error output, where native libraries and the JVM may print; a crash writes no core file.
   */
  private static final String SHELL_LINE = "ulimit -c 0; exec \"$0\" \"$@\" 3>&1 1>&2";

  private static final String OUTPUT = "/dev/fd/3";
  private static final String JAVACPP_SETTINGS = "org.bytedeco.javacpp.";

  private HelperCommand() {}

  /** Builds the command and its environment. */
  static ProcessBuilder of(long memoryBytes, Path spool) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SHELL_LINE));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(memoryBytes));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath()));
    command.add(HelperMain.class.getName());
    command.add(OUTPUT);
    command.add(spool.toString());
    command.add(Long.toString(memoryBytes));
    command.add(Long.toString(ProcessHandle.current().pid()));
    ProcessBuilder process = new ProcessBuilder(command);
    Map<String, String> environment = process.environment();
    environment.keySet().removeAll(FOREIGN_OPTIONS);
    environment.put("MALLOC_ARENA_MAX", "2"); // more glibc arenas would hold on to freed memory
    return process;
  }

  private static List<String> options(long memoryBytes) {
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + memoryBytes / 2);
    options.add("-XX:+UseSerialGC");
    options.add("-Xshare:auto");
    options.add("-XX:-UsePerfData");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-XX:ErrorFile=/dev/null"); // the summary still goes to the error output
    options.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    options.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + memoryBytes);
    System.getProperties()
        .stringPropertyNames()
        .forEach(
            name -> {
              if (name.startsWith(JAVACPP_SETTINGS) && !name.contains(".max")) {
                options.add("-D" + name + "=" + System.getProperty(name));
              }
            });
    return options;
  }

  /**
   * Jars and folders of the classes and native libraries that a helper needs, regardless of the
   * class loader that found them; Spark loads the jars of an application with its own class
   * loaders.
   */
  static Set<String> classPath() {
    Set<String> files = new LinkedHashSet<>();
    List<URL> places =
        Arrays.asList(
            codeSource(HelperMain.class),
            codeSource(Loader.class),
            jar(Loader.class, "jnijavacpp"),
            codeSource(avutil.class),
            jar(avutil.class, "jniavutil"));
    for (URL place : places) {
      if (place != null && place.getProtocol().equals("file")) {
        files.add(file(place));
      }
    }
    if (places.stream().anyMatch(place -> place == null || !place.getProtocol().equals("file"))) {
      files.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)));
    }
    return files;
  }

  private static URL codeSource(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null ? null : source.getLocation();
  }

  /** The jar or folder that holds a native library belonging to a class of JavaCPP presets. */
  private static URL jar(Class<?> type, String library) {
    String folder = type.getPackageName().replace('.', '/').replaceFirst("/global$", "");
    String name = folder + "/" + Loader.getPlatform() + "/" + System.mapLibraryName(library);
    URL url = type.getClassLoader().getResource(name);
    if (url == null) {
      return null;
    }
    String text = url.toString();
    try {
      return text.startsWith("jar:")
          ? new URL(text.substring("jar:".length(), text.indexOf("!/")))
          : new URL(text.substring(0, text.length() - name.length()));
    } catch (MalformedURLException e) {
      return null;
    }
  }

  private static String file(URL place) {
    try {
      return Path.of(place.toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException e) { // a name that is not URL-encoded
      return place.getPath();
    }
  }
}
