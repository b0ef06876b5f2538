package vivit.dataprep.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.inspect.statistics.StatisticsJson;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/**
 * The output folder of an inspection: statistics, images, page. It must be new, empty, or the
 * output of an earlier inspection, which its statistics file identifies.
 */
public final class InspectionFolder {
  /** File name of the page. */
  public static final String PAGE = "index.html";

  static final String STATISTICS = "statistics.json";
  static final String RANDOM = "random.png";
  static final String BY_CLASS = "by-class.png";
  static final String TUBELETS = "tubelets.png";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem fs;
  private final Path folder;

  /** Names a folder without accessing it. */
  public InspectionFolder(FileSystem fs, Path folder) {
    this.fs = AtomicFile.raw(fs);
    this.folder = folder;
  }

  /**
   * Refuses a folder that contains anything but an earlier inspection.
   *
   * @throws IOException naming the files found
   */
  public void refuseForeign() throws IOException {
    FileStatus[] entries;
    try {
      entries = fs.listStatus(folder);
    } catch (FileNotFoundException e) {
      return;
    }
    if (entries.length == 1 && entries[0].isFile() && entries[0].getPath().equals(qualified())) {
      throw new IOException(folder + " is a file, expected a folder; choose another --out");
    }
    if (entries.length > 0 && !isOurs()) {
      throw new IOException(
          "%s is not empty (%d entries, such as %s) and no earlier inspection; choose another --out"
              .formatted(folder, entries.length, entries[0].getPath().getName()));
    }
  }

  /**
   * Writes the files, each whole or not at all, the page last. Deletes files of an earlier
   * inspection that this one does not have.
   */
  void write(Map<String, byte[]> files) throws IOException {
    refuseForeign();
    fs.mkdirs(folder);
    put(STATISTICS, files.get(STATISTICS));
    for (String name : new String[] {RANDOM, BY_CLASS, TUBELETS, PAGE}) {
      if (files.containsKey(name)) {
        put(name, files.get(name));
      } else {
        fs.delete(new Path(folder, name), false);
      }
    }
  }

  private void put(String name, byte[] bytes) throws IOException {
    AtomicFile.write(fs, new Path(folder, name), out -> out.write(bytes));
  }

  private boolean isOurs() throws IOException {
    try {
      JsonNode statistics = WholeFile.json(fs, new Path(folder, STATISTICS), JSON);
      return statistics.path("kind").asText().equals(StatisticsJson.KIND);
    } catch (FileNotFoundException | JsonProcessingException | OversizedFileException e) {
      return false;
    }
  }

  private Path qualified() {
    return fs.makeQualified(folder);
  }
}
