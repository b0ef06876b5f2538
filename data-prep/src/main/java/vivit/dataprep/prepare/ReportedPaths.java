package vivit.dataprep.prepare;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.OpenFileSystem;

/**
 * Paths of video files in reports: relative to the input, so that reports do not depend on the
 * location of the data.
 */
final class ReportedPaths implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> roots = new ArrayList<>();

  /** Creates paths relative to the folders that the configuration names. */
  ReportedPaths(PrepareConfig config, Configuration hadoop) throws IOException {
    if (!config.videos().isEmpty()) {
      addRoot(new Path(config.videos()), hadoop);
    }
    Path input = new Path(config.input());
    FileSystem fs = OpenFileSystem.of(input, hadoop);
    Path full = fs.makeQualified(input);
    boolean folder = fs.exists(full) && fs.getFileStatus(full).isDirectory();
    addRoot(folder ? full : full.getParent(), hadoop); // name@N is not a file
  }

  /**
   * The path relative to the first of these folders that contains it, or the full path if none
   * does.
   */
  String of(String path) {
    String full = new Path(path).toUri().getPath();
    for (String root : roots) {
      if (full.startsWith(root)) {
        return full.substring(root.length());
      }
    }
    return full;
  }

  private void addRoot(Path folder, Configuration hadoop) throws IOException {
    String root = OpenFileSystem.of(folder, hadoop).makeQualified(folder).toUri().getPath();
    roots.add(root.endsWith("/") ? root : root + "/");
    String asGiven = folder.toUri().getPath();
    roots.add(asGiven.endsWith("/") ? asGiven : asGiven + "/");
  }
}
