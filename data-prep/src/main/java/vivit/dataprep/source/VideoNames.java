package vivit.dataprep.source;

import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Interprets the names of files and folders that data sets and downloaders use. */
final class VideoNames {
  static final Set<String> EXTENSIONS =
      Set.of(
          "mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "m2v", "ts", "mts", "m2ts",
          "flv", "wmv", "asf", "ogv", "3gp", "3g2", "gif", "vob", "mxf", "divx", "h264", "ivf");

  private VideoNames() {}

  /** Whether the name has the extension of a video. */
  static boolean isVideo(String name) {
    return name.indexOf('.') >= 0 && EXTENSIONS.contains(extension(name));
  }

  /**
   * Whether a file or folder is hidden. Folders that begin with {@code _} belong to other programs;
   * file names may begin with it, as YouTube ids do.
   */
  static boolean isHidden(FileStatus status) {
    String name = status.getPath().getName();
    return name.startsWith(".") || (status.isDirectory() && name.startsWith("_"));
  }

  /** The file that a list names: a full path, or one relative to a folder. */
  static Path listed(Path folder, String path) {
    return ListedFileSystems.isFull(path) ? new Path(path) : under(folder, path);
  }

  /** A file under a folder. Text before a colon is part of its name, not a scheme. */
  static Path under(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  /** The name without a video's extension, composed. */
  static String stem(String name) {
    String composed = AnnotationText.composed(name);
    return isVideo(composed) ? composed.substring(0, composed.lastIndexOf('.')) : composed;
  }

  /** The extension in lower case. */
  static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** The last part of a path. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Reduces a name to letters and digits in lower case: class folders have spaces or underscores,
   * and often lack apostrophes and brackets.
   */
  static String plain(String name) {
    StringBuilder plain = new StringBuilder();
    AnnotationText.composed(name)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }
}
