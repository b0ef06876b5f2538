package vivit.tests.repository;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the repository, without what is built or written beside them. */
final class Repository {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> FOLDERS = Set.of("bin", "conf", "docs", ".github", ".mvn");

  private static final Pattern OWN = Pattern.compile(".*\\.md|pom\\.xml|[A-Z]+|mvnw|\\.gitignore");

  private Repository() {}

  /** Every file, in the order of its path: of the root, of its folders, of the modules' sources. */
  static Stream<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(own(ROOT));
    for (Path folder : children(ROOT)) {
      if (FOLDERS.contains(folder.getFileName().toString())) {
        files.addAll(tree(folder));
      } else if (Files.exists(folder.resolve("pom.xml"))) {
        files.addAll(own(folder));
        files.addAll(tree(folder.resolve("src")));
      }
    }
    return files.stream().filter(Files::isRegularFile).sorted();
  }

  /** Every page of Markdown. */
  static Stream<Path> pages() throws IOException {
    return files().filter(file -> file.toString().endsWith(".md"));
  }

  /** A file's text, if it is one. */
  static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** A file's path from the root, as messages show it. */
  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  /** What a folder holds itself, apart from what somebody's run left there. */
  private static List<Path> own(Path folder) throws IOException {
    return children(folder).stream()
        .filter(file -> OWN.matcher(file.getFileName().toString()).matches())
        .toList();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static List<Path> tree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.toList();
    }
  }
}
