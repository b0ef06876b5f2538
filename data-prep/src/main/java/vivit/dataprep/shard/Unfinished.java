package vivit.dataprep.shard;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Why a folder is no finished shard set, and what to do. */
public final class Unfinished {
  /** The folder that a preparation keeps its state in until it is finished. */
  public static final String PREPARING = "_preparing";

  private Unfinished() {}

  /** The error for a folder that lacks a file of finished sets. */
  static CorruptShardException without(FileSystem fs, Path folder, String file) throws IOException {
    return new CorruptShardException(
        "%s is not a finished shard set: %s".formatted(folder, advice(fs, folder, file)));
  }

  private static String advice(FileSystem fs, Path folder, String file) throws IOException {
    if (!fs.exists(folder)) {
      return "there is no such folder; check the path";
    }
    String lacks = "it has no " + file + "; ";
    boolean quarantine = fs.exists(new Path(folder, ManifestFile.QUARANTINE_FILE_NAME));
    if (fs.exists(new Path(folder, PREPARING))) {
      return lacks
          + "its preparation is running, or was interrupted or refused: run prepare again with the"
          + " same arguments, it goes on where it was"
          + (quarantine ? "; vivit inspect shows the videos that were left out" : "");
    }
    if (fs.exists(new Path(folder, VideoList.FILE_NAME))) {
      return lacks + "it was lost: copy the set again, or prepare it in another folder";
    }
    if (quarantine) {
      return lacks
          + "its preparation was refused for too many bad videos: look at them with vivit inspect,"
          + " mend them or allow more (prepare.max-bad-share), and run prepare again";
    }
    return lacks + "run prepare to the end, or check the path";
  }
}
