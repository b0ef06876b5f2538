package vivit.dataprep.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The TCP sockets on which this process listens, according to Linux. */
final class Listening {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final String LISTENS = "0A";

  private Listening() {}

  static boolean isKnown() {
    return Files.isDirectory(DESCRIPTORS);
  }

  /** Local addresses, in hexadecimal as in /proc/net/tcp. */
  static List<String> sockets() throws IOException {
    List<String> addresses = new ArrayList<>();
    if (!isKnown()) {
      return addresses;
    }
    Set<String> ours = inodes();
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] cells = line.strip().split("\\s+", -1);
        if (cells.length > 9 && cells[3].equals(LISTENS) && ours.contains(cells[9])) {
          addresses.add(cells[1]);
        }
      }
    }
    return addresses;
  }

  static boolean isLoopback(String address) {
    return address.startsWith("0100007F:") // 127.0.0.1
        || address.startsWith("0000000000000000FFFF00000100007F:") // ::ffff:127.0.0.1
        || address.startsWith("00000000000000000000000001000000:"); // ::1
  }

  private static Set<String> inodes() throws IOException {
    try (Stream<Path> files = Files.list(DESCRIPTORS)) {
      return files
          .map(Listening::target)
          .filter(target -> target.startsWith("socket:["))
          .map(target -> target.substring("socket:[".length(), target.length() - 1))
          .collect(Collectors.toSet());
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
