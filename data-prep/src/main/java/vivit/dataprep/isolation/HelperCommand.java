package vivit.dataprep.isolation;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;

/** The command line that starts a helper process. */
final class HelperCommand {
  /** Variables that a helper inherits: the encoding of file names, and the linker's folders. */
  private static final Set<String> INHERITED = Set.of("LANG", "LD_LIBRARY_PATH", "TZ");

  private static final String INHERITED_LOCALE = "LC_";
  private static final String LIBRARY_FOLDERS = "LD_LIBRARY_PATH";

  /**
   * Runs its arguments from the second on as a command, with the protocol on descriptor 3, the file
   * of the first argument on descriptor 4, and standard output sent to the error output, where
   * native libraries and the JVM may print; a crash writes no core file.
   */
  private static final String SHELL_LINE =
      "ulimit -c 0; spool=$1; shift; exec \"$@\" 3>&1 1>&2 4<>\"$spool\"";

  private static final String OUTPUT = "/dev/fd/3";
  private static final String SPOOL = "/dev/fd/4";

  private HelperCommand() {}

  /** Builds the command and its environment; extracts the native libraries that it will load. */
  static ProcessBuilder of(Sandbox sandbox, long memoryBytes, Path spool) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(OUTPUT, SPOOL, Long.toString(memoryBytes)));
    if (sandbox == Sandbox.NONE) { // elsewhere the sandbox ends with the executor
      arguments.add(Long.toString(ProcessHandle.current().pid()));
    }
    return of(sandbox, memoryBytes, spool, HelperMain.class, arguments);
  }

  /** The same with another program in the place of the helper. */
  static ProcessBuilder of(
      Sandbox sandbox, long memoryBytes, Path spool, Class<?> program, List<String> arguments)
      throws IOException {
    Set<String> libraries = libraryFolders();
    Set<String> classPath = classPath(program);
    Map<String, String> environment = environment(System.getenv());
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SHELL_LINE, "vivit"));
    command.add(spool.toString());
    command.addAll(sandbox.prefix(FileView.of(needed(classPath, libraries, environment))));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(sandbox, memoryBytes, libraries));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath));
    command.add(program.getName());
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().clear();
    process.environment().putAll(environment);
    return process;
  }

  /** The environment of a helper: its own, and of the executor's what holds no secrets. */
  static Map<String, String> environment(Map<String, String> executor) {
    Map<String, String> environment = new TreeMap<>(executor);
    environment
        .keySet()
        .removeIf(name -> !INHERITED.contains(name) && !name.startsWith(INHERITED_LOCALE));
    environment.put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    environment.put("MALLOC_ARENA_MAX", "2"); // more glibc arenas would hold on to freed memory
    return environment;
  }

  private static Set<String> needed(
      Set<String> classPath, Set<String> libraries, Map<String, String> environment) {
    Set<String> needed = new LinkedHashSet<>(classPath);
    needed.addAll(libraries);
    Stream.of(environment.getOrDefault(LIBRARY_FOLDERS, "").split(File.pathSeparator, -1))
        .filter(folder -> folder.startsWith("/") && Path.of(folder).getNameCount() > 0)
        .forEach(needed::add);
    return needed;
  }

  private static List<String> options(Sandbox sandbox, long memoryBytes, Set<String> libraries) {
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + memoryBytes / 2);
    options.add("-XX:+UseSerialGC");
    options.add("-Xshare:auto");
    options.add("-XX:-UsePerfData");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-XX:ErrorFile=/dev/null"); // the summary still goes to the error output
    String folder = sandbox == Sandbox.NONE ? System.getProperty("java.io.tmpdir") : "/tmp";
    options.add("-Djava.io.tmpdir=" + folder);
    options.add("-Duser.timezone=" + TimeZone.getDefault().getID());
    options.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + memoryBytes);
    options.add("-Dorg.bytedeco.javacpp.platform=" + Loader.getPlatform());
    // The executor has extracted the libraries: a helper has no place to write them to.
    options.add("-Dorg.bytedeco.javacpp.cachelibraries=false");
    options.add("-Dorg.bytedeco.javacpp.pathsfirst=true");
    options.add("-Djava.library.path=" + String.join(File.pathSeparator, libraries));
    return options;
  }

  /** The folders of the extracted native libraries. */
  private static Set<String> libraryFolders() throws IOException {
    try {
      HelperMain.loadLibraries();
      Set<String> folders = new LinkedHashSet<>();
      for (URL library :
          List.of(library(Loader.class, "jnijavacpp"), library(avutil.class, "jniavutil"))) {
        folders.add(Loader.cacheResource(library).getParent());
      }
      return folders;
    } catch (LinkageError e) {
      throw new IOException("FFmpeg cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** A native library among the resources of a class of JavaCPP presets. */
  private static URL library(Class<?> type, String library) throws IOException {
    String folder = type.getPackageName().replace('.', '/').replaceFirst("/global$", "");
    String name = folder + "/" + Loader.getPlatform() + "/" + System.mapLibraryName(library);
    URL url = type.getClassLoader().getResource(name);
    if (url == null) {
      throw new IOException("the class path has no " + name);
    }
    return url;
  }

  /**
   * Jars and folders of the classes that a helper needs, regardless of the class loader that found
   * them; Spark loads the jars of an application with its own class loaders.
   */
  static Set<String> classPath(Class<?> program) {
    Set<String> files = new LinkedHashSet<>();
    List<URL> places =
        Stream.of(program, HelperMain.class, Loader.class, avutil.class)
            .map(HelperCommand::codeSource)
            .toList();
    for (URL place : places) {
      if (isFile(place)) {
        files.add(file(place));
      }
    }
    if (!places.stream().allMatch(HelperCommand::isFile)) {
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .filter(entry -> !entry.isEmpty()) // would be the working folder
          .forEach(entry -> files.add(Path.of(entry).toAbsolutePath().toString()));
    }
    return files;
  }

  private static boolean isFile(URL place) {
    return place != null && place.getProtocol().equals("file");
  }

  private static URL codeSource(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null ? null : source.getLocation();
  }

  private static String file(URL place) {
    try {
      return Path.of(place.toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException e) { // a name that is not URL-encoded
      return place.getPath();
    }
  }
}
