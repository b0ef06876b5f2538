package vivit.dataprep.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that a helper process sees in a sandbox: the system's programs and libraries, the Java
 * installation and what else it needs by name; no data, no home, no configuration of the machine.
 *
 * @param links symbolic links of the root folder and where they lead
 * @param files files and folders, at the same place as outside
 */
record FileView(Map<String, String> links, Set<String> files) {
  private static final List<String> SYSTEM =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  private static final Path LINKER_CACHE = Path.of("/etc/ld.so.cache");

  /** The system, the running Java, and these files and folders. */
  static FileView of(Collection<String> needed) throws IOException {
    FileView view = new FileView(new TreeMap<>(), new LinkedHashSet<>());
    for (String folder : SYSTEM) {
      Path path = Path.of(folder);
      if (Files.isSymbolicLink(path)) {
        view.links.put(folder, Files.readSymbolicLink(path).toString());
      } else if (Files.isDirectory(path)) {
        view.files.add(folder);
      }
    }
    Path java = Path.of(System.getProperty("java.home"));
    view.add(LINKER_CACHE);
    view.add(java);
    try (Stream<Path> inside = Files.walk(java)) { // Debian keeps its configuration in /etc
      for (Path link : inside.filter(Files::isSymbolicLink).toList()) {
        if (Files.exists(link) && !link.toRealPath().startsWith(java.toRealPath())) {
          view.add(link.toRealPath());
        }
      }
    }
    for (String file : needed) {
      view.add(Path.of(file).toAbsolutePath());
    }
    return view;
  }

  /** Adds a file or folder that exists and is not part of the system. */
  private void add(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    if (!isSystem(path)) {
      files.add(path.toString());
    } else if (!isSystem(path.toRealPath())) { // a link that leads out
      files.add(path.toRealPath().toString());
    }
  }

  private static boolean isSystem(Path path) {
    return SYSTEM.stream().anyMatch(path::startsWith);
  }
}
