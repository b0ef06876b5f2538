package vivit.dataprep.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Lengths and modification times of many files, looked up folder by folder. */
public final class FileListing {
  /** Length of a file that does not exist. */
  public static final long MISSING = -1;

  private record Facts(long bytes, long modified) {}

  private final Map<String, Facts> files = new HashMap<>();

  private FileListing() {}

  /**
   * Looks up files.
   *
   * @param paths full paths, in any number of folders and file systems
   * @throws IOException if a file system fails; a missing folder or file is not a failure
   */
  public static FileListing of(Configuration conf, Iterable<String> paths) throws IOException {
    Map<Path, Map<String, String>> folders = new TreeMap<>();
    for (String path : paths) {
      Path file = new Path(path);
      folders
          .computeIfAbsent(file.getParent(), folder -> new HashMap<>())
          .put(file.getName(), path);
    }
    FileListing listing = new FileListing();
    for (Map.Entry<Path, Map<String, String>> folder : folders.entrySet()) {
      FileSystem fs = AtomicFile.raw(OpenFileSystem.of(folder.getKey(), conf));
      listing.list(fs, folder.getKey(), folder.getValue());
    }
    return listing;
  }

  /** Length in bytes; {@link #MISSING} if there is no such file. */
  public long bytes(String path) {
    return files.containsKey(path) ? files.get(path).bytes() : MISSING;
  }

  /** Modification time in milliseconds since 1970; 0 if there is no such file. */
  public long modified(String path) {
    return files.containsKey(path) ? files.get(path).modified() : 0;
  }

  private void list(FileSystem fs, Path folder, Map<String, String> wanted) throws IOException {
    Set<String> left = new TreeSet<>(wanted.keySet());
    try {
      RemoteIterator<FileStatus> statuses = fs.listStatusIterator(folder);
      while (statuses.hasNext()) {
        FileStatus status = statuses.next();
        if (left.remove(status.getPath().getName())) {
          add(wanted.get(status.getPath().getName()), status);
        }
      }
    } catch (FileNotFoundException noSuchFolder) {
      return;
    } catch (IOException cannotList) { // a folder that can be entered but not listed
      for (String name : left) {
        try {
          add(wanted.get(name), fs.getFileStatus(new Path(folder, name)));
        } catch (FileNotFoundException noSuchFile) {
          continue;
        }
      }
    }
  }

  private void add(String path, FileStatus status) {
    if (status.isFile()) {
      files.put(path, new Facts(status.getLen(), status.getModificationTime()));
    }
  }
}
