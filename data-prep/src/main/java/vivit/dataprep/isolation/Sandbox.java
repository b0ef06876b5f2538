package vivit.dataprep.isolation;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A way to run a helper process with no network, no other processes in sight and a private view of
 * files. All of it is read-only; the only file to write to is the spool.
 */
public enum Sandbox {
  /** The program of bubblewrap, which Flatpak also uses. */
  BWRAP {
    @Override
    List<String> prefix(FileView view) throws IOException {
      List<String> words = new ArrayList<>(List.of(program("bwrap", path())));
      words.addAll(
          List.of("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"));
      view.links().forEach((link, to) -> words.addAll(List.of("--symlink", to, link)));
      view.files().forEach(file -> words.addAll(List.of("--ro-bind", file, file)));
      words.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--dir", "/tmp"));
      words.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"));
      return words;
    }
  },

  /** The program of util-linux, with other programs of it. */
  UNSHARE {
    @Override
    List<String> prefix(FileView view) throws IOException {
      List<String> words = new ArrayList<>(List.of(program("setpriv", path())));
      words.addAll(List.of("--pdeathsig", "KILL", program("unshare", path())));
      words.addAll(List.of("--user", "--map-root-user", "--net", "--ipc", "--uts", "--mount"));
      words.addAll(List.of("--pid", "--fork", "--kill-child", "--"));
      words.addAll(List.of("/bin/sh", "-c", script(), "private-view"));
      view.links().forEach((link, to) -> words.addAll(List.of("link", to, link)));
      view.files().forEach(file -> words.addAll(List.of("bind", file)));
      words.add("--");
      return words;
    }
  },

  /** The plain process, which reaches whatever the executor's user reaches. */
  NONE {
    @Override
    List<String> prefix(FileView view) {
      return List.of();
    }
  };

  private static final String USUAL_FOLDERS = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin";

  /**
   * The words that go before a command to run it in this sandbox.
   *
   * @throws IOException if a program is missing
   */
  abstract List<String> prefix(FileView view) throws IOException;

  private static String path() {
    return System.getenv().getOrDefault("PATH", "");
  }

  /** A program in the usual folders, or those of a path. */
  static String program(String name, String path) throws IOException {
    return Stream.of((USUAL_FOLDERS + File.pathSeparator + path).split(File.pathSeparator, -1))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException(name + " is not installed"))
        .toString();
  }

  private static String script() {
    try (InputStream in = Sandbox.class.getResourceAsStream("private-view.sh")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
