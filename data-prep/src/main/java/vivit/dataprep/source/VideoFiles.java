package vivit.dataprep.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;
import vivit.dataprep.text.Visible;

/**
 * The video files under a folder: found with one listing per folder, and then by name, in either
 * Unicode normal form and with any extension.
 */
final class VideoFiles {
  private static final int DEEPEST = 12;
  private static final String LOCAL = "file";

  /**
   * A file.
   *
   * @param path relative to the root, with {@code /}
   * @param size in bytes
   */
  record Found(String path, long size) {
    /** The file name without extension. */
    String stem() {
      return VideoNames.stem(VideoNames.last(path));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(VideoFiles.class);

  private final Path root;
  private final Map<String, List<Found>> byStem = new HashMap<>();
  private int size;

  private VideoFiles(Path root) {
    this.root = root;
  }

  /** Lists a folder and its subfolders without hidden files and folders. */
  static VideoFiles list(FileSystem fs, Path root) throws IOException {
    VideoFiles files = new VideoFiles(root);
    files.add(fs, root, "", 0);
    return files;
  }

  private void add(FileSystem fs, Path folder, String prefix, int depth) throws IOException {
    for (FileStatus status : sorted(fs, folder)) {
      String name = status.getPath().getName();
      if (status.isDirectory()) {
        if (depth < DEEPEST) {
          add(fs, status.getPath(), prefix + name + "/", depth + 1);
        }
      } else if (VideoNames.isVideo(name)) {
        size++;
        refuseTooMany(root, size);
        byStem
            .computeIfAbsent(VideoNames.stem(name), stem -> new ArrayList<>(1))
            .add(new Found(prefix + name, status.getLen()));
      }
    }
  }

  /**
   * The entries of a folder that are not hidden, by name, without links that lead back to a folder
   * above.
   */
  static List<FileStatus> sorted(FileSystem fs, Path folder) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    RemoteIterator<FileStatus> statuses = fs.listStatusIterator(folder);
    while (statuses.hasNext()) {
      FileStatus status = statuses.next();
      if (VideoNames.isHidden(status)) {
        continue;
      }
      refuseTooMany(folder, found.size() + 1);
      if (status.isDirectory() && leadsBack(status.getPath())) {
        LOG.warn(
            "Left out {}: a link to a folder that it is in",
            Visible.text(status.getPath().toString()));
        continue;
      }
      found.add(status);
    }
    found.sort(Comparator.comparing(status -> status.getPath().getName()));
    return found;
  }

  /**
   * The links of a folder that lead to nothing, by name, with what they name: Hadoop does not list
   * them. Only local folders have such links.
   */
  static SortedMap<String, String> broken(Path folder) throws IOException {
    SortedMap<String, String> broken = new TreeMap<>();
    if (!LOCAL.equals(folder.toUri().getScheme())) {
      return broken;
    }
    java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
    try (DirectoryStream<java.nio.file.Path> entries = Files.newDirectoryStream(local)) {
      for (java.nio.file.Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && Files.isSymbolicLink(entry) && Files.notExists(entry)) {
          broken.put(name, Files.readSymbolicLink(entry).toString());
        }
      }
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
    return broken;
  }

  /** Refuses more files than fit into memory. */
  static void refuseTooMany(Path folder, int files) throws SourceException {
    if (files > WholeFile.mostRows()) {
      throw new SourceException(
          List.of(
              folder
                  + ": "
                  + new OversizedFileException("%d files or more".formatted(files), files - 1L)
                      .getMessage()));
    }
  }

  /** Whether a folder is a link to one above it; only local folders have such links. */
  private static boolean leadsBack(Path folder) throws IOException {
    if (!LOCAL.equals(folder.toUri().getScheme())) {
      return false;
    }
    java.nio.file.Path path = java.nio.file.Path.of(folder.toUri().getPath());
    java.nio.file.Path real = path.toRealPath();
    for (java.nio.file.Path above = path.getParent(); above != null; above = above.getParent()) {
      if (above.toRealPath().equals(real)) {
        return true;
      }
    }
    return false;
  }

  /** The folder that was listed. */
  Path root() {
    return root;
  }

  int size() {
    return size;
  }

  /** Full path of a file. */
  Path path(Found found) {
    return VideoNames.under(root, found.path());
  }

  void forEach(Consumer<Found> action) {
    byStem.values().forEach(files -> files.forEach(action));
  }

  /**
   * Finds the file of a name, which may include folders; the extension may differ.
   *
   * @param folder preferred folder if several files have the name, in any spelling
   */
  Optional<Found> find(String name, String folder) {
    String wanted = VideoNames.stem(name);
    List<Found> files = byStem.getOrDefault(VideoNames.last(wanted), List.of());
    return best(
        files.stream()
            .filter(file -> wanted.indexOf('/') < 0 || endsWith(file.path(), wanted))
            .toList(),
        folder,
        VideoNames.extension(name));
  }

  private static boolean endsWith(String path, String wanted) {
    String stem = VideoNames.stem(path);
    return stem.equals(wanted) || stem.endsWith("/" + wanted);
  }

  /**
   * The best of several files with the same name: preferably in the right folder, not empty, and
   * with the right extension or else mp4; then the first by path.
   */
  static Optional<Found> best(List<Found> files, String folder, String extension) {
    if (files.size() < 2) {
      return files.stream().findFirst();
    }
    String plain = VideoNames.plain(folder);
    Comparator<Found> byFolder =
        Comparator.comparing(
            file ->
                plain.isEmpty()
                    || Arrays.stream(file.path().split("/", -1))
                        .noneMatch(part -> VideoNames.plain(part).equals(plain)));
    return files.stream()
        .min(
            byFolder
                .thenComparing(file -> file.size() == 0)
                .thenComparing(file -> !VideoNames.extension(file.path()).equals(extension))
                .thenComparing(file -> !VideoNames.extension(file.path()).equals("mp4"))
                .thenComparing(Found::path));
  }
}
