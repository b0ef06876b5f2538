package vivit.dataprep.shard;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.Links;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/**
 * A shard set, or a file of one, that cannot be used. The message states whether it is unfinished,
 * truncated, corrupt, too large or too new, where, and what to do.
 */
public final class CorruptShardException extends IOException {
  private static final long serialVersionUID = 1L;

  public CorruptShardException(String message) {
    super(message);
  }

  public CorruptShardException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A folder that lacks a file of finished sets. */
  static CorruptShardException unfinished(FileSystem fs, Path folder, String missing)
      throws IOException {
    return new CorruptShardException(
        "%s is not a finished shard set: %s"
            .formatted(MissingPath.name(fs, folder), advice(fs, folder, missing)));
  }

  /** Refuses a link in the place of a file of a set. */
  static void refuseLink(FileSystem fs, Path file) throws CorruptShardException {
    String problem = Links.problem(fs, file, "a file that prepare wrote");
    if (!problem.isEmpty()) {
      throw new CorruptShardException(problem);
    }
  }

  private static String advice(FileSystem fs, Path folder, String missing) throws IOException {
    if (!fs.exists(folder)) {
      return "there is no such folder; " + MissingPath.advice(fs, folder, "check the path");
    }
    String lacks = "it has no " + missing + "; ";
    boolean quarantine = fs.exists(new Path(folder, ManifestFile.QUARANTINE_FILE_NAME));
    if (fs.exists(new Path(folder, ShardFolder.PREPARING))) {
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

  static CorruptShardException truncated(Object file, long found, long expected) {
    return new CorruptShardException(
        ("Cannot read %s: it is truncated, %d bytes where the manifest says %d;"
                + " copy or prepare this shard again")
            .formatted(file, found, expected));
  }

  static CorruptShardException checksum(
      Object file, String what, long offset, String found, String expected) {
    return new CorruptShardException(
        "Cannot read %s: %s (byte %d) has checksum %s, expected %s; prepare this shard again"
            .formatted(file, what, offset, found, expected));
  }

  static CorruptShardException tooLarge(Object file, OversizedFileException cause) {
    return new CorruptShardException(
        "Cannot read %s: %s".formatted(file, cause.getMessage()), cause);
  }

  static CorruptShardException tooNew(Object file, long found, int known) {
    return new CorruptShardException(
        ("Cannot read %s: it has format version %d, this release reads up to version %d;"
                + " use a newer release of ViViT on Spark")
            .formatted(file, found, known));
  }
}
