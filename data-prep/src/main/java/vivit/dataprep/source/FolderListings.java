package vivit.dataprep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.OpenFileSystem;

/** Looks up files in the listings of their folders; each folder is listed once. */
final class FolderListings {
  private final Configuration conf;
  private final Map<Path, Map<String, FileStatus>> folders = new HashMap<>();
  private int listed; // files of all folders

  FolderListings(Configuration conf) {
    this.conf = conf;
  }

  /** The file at a path, whose name may be in the other Unicode normal form; never a folder. */
  Optional<FileStatus> find(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      return Optional.empty();
    }
    Map<String, FileStatus> folder = folders.get(parent);
    if (folder == null) {
      folder = list(parent);
      folders.put(parent, folder);
    }
    FileStatus exact = folder.get(path.getName());
    return Optional.ofNullable(
        exact == null ? folder.get(AnnotationText.composed(path.getName())) : exact);
  }

  private Map<String, FileStatus> list(Path folder) throws IOException {
    Map<String, FileStatus> files = new HashMap<>();
    try {
      for (FileStatus status : OpenFileSystem.of(folder, conf).listStatus(folder)) {
        if (!status.isDirectory()) {
          String name = status.getPath().getName();
          files.put(name, status);
          VideoFiles.refuseTooMany(folder, ++listed);
          files.putIfAbsent(AnnotationText.composed(name), status);
        }
      }
    } catch (FileNotFoundException none) {
      return otherForm(folder);
    }
    return files;
  }

  /** The folder's own name may be in the other normal form. */
  private Map<String, FileStatus> otherForm(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null || AnnotationText.isPlain(folder.getName())) {
      return Map.of();
    }
    try {
      for (FileStatus status : OpenFileSystem.of(parent, conf).listStatus(parent)) {
        String name = status.getPath().getName();
        if (status.isDirectory()
            && !name.equals(folder.getName())
            && AnnotationText.composed(name).equals(AnnotationText.composed(folder.getName()))) {
          return list(status.getPath());
        }
      }
    } catch (FileNotFoundException none) {
      return Map.of();
    }
    return Map.of();
  }
}
