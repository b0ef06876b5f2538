package vivit.spark.demo;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.storage.OpenFileSystem;

/**
 * The folder of a demo's results, or of a rate sweep's.
 *
 * @param files the file system
 * @param root the folder, with scheme
 */
public record DemoFolder(FileSystem files, Path root) {

  /**
   * The folder of this name.
   *
   * @throws Refusal if it exists and is not empty
   */
  public static DemoFolder at(String name, Configuration conf) throws IOException {
    Path path = new Path(name);
    FileSystem files = OpenFileSystem.of(path, conf);
    Path root = files.makeQualified(path);
    if (files.exists(root)
        && (!files.getFileStatus(root).isDirectory() || files.listStatus(root).length > 0)) {
      throw new Refusal(
          "found files in %s, expected a new or empty folder; choose another --out or delete it"
              .formatted(show(root)));
    }
    files.mkdirs(root);
    return new DemoFolder(files, root);
  }

  /**
   * A new folder under the working directory: the first of demo-1, demo-2, ... that is free.
   *
   * @param name such as {@code demo}
   */
  public static DemoFolder next(String name, Configuration conf) throws IOException {
    for (int number = 1; ; number++) {
      Path path = new Path(name + "-" + number);
      if (!OpenFileSystem.of(path, conf).exists(path)) {
        return at(path.getName(), conf);
      }
    }
  }

  /** A path inside the folder. */
  public Path place(String name) {
    return new Path(root, name);
  }

  /** A path inside the folder for display; a local one without its scheme. */
  public String shown(String name) {
    return show(place(name));
  }

  private static String show(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }
}
