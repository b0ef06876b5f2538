package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder that has a folder of videos per class; the folder's name is the class's. */
final class ClassFolders {
  private static final Logger LOG = LoggerFactory.getLogger(ClassFolders.class);
  private static final Set<String> EXTENSIONS =
      Set.of(
          "mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "m2v", "ts", "mts", "m2ts",
          "flv", "wmv", "asf", "ogv", "3gp", "3g2", "gif", "vob", "mxf", "divx", "h264", "ivf");

  private final FileSystem fs;
  private final List<LabelledVideo> videos = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();

  private ClassFolders(FileSystem fs) {
    this.fs = fs;
  }

  static List<LabelledVideo> read(FileSystem fs, Path root) throws IOException {
    ClassFolders folders = new ClassFolders(fs);
    for (FileStatus status : folders.sorted(root)) {
      String name = status.getPath().getName();
      if (status.isDirectory()) {
        folders.addVideos(status.getPath(), name, name);
      } else {
        folders.ignored.add(name);
      }
    }
    if (folders.videos.isEmpty()) {
      throw new SourceException(
          List.of(
              root
                  + ": found no videos; expected a folder per class with files such as .mp4, .webm"
                  + " or .avi in it, or the path of a CSV file"));
    }
    if (!folders.ignored.isEmpty()) {
      LOG.warn(
          "Ignored {} files under {} that have no class folder or no video's extension, such as {}",
          folders.ignored.size(),
          root,
          folders.ignored.get(0));
    }
    return folders.videos;
  }

  private void addVideos(Path folder, String label, String relative) throws IOException {
    for (FileStatus status : sorted(folder)) {
      String name = status.getPath().getName();
      String id = relative + "/" + name;
      if (status.isDirectory()) {
        addVideos(status.getPath(), label, id);
      } else if (EXTENSIONS.contains(extension(name))) {
        videos.add(new LabelledVideo(id, status.getPath().toString(), label, TimeSpan.WHOLE));
      } else {
        ignored.add(id);
      }
    }
  }

  private List<FileStatus> sorted(Path folder) throws IOException {
    return Arrays.stream(fs.listStatus(folder))
        .filter(status -> !isHidden(status.getPath().getName()))
        .sorted(Comparator.comparing(status -> status.getPath().getName()))
        .toList();
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
