package vivit.spark.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.text.Visible;
import vivit.model.checkpoint.CorruptCheckpointException;

/**
 * Errors of the file system while a checkpoint is read, such as missing blocks, failed checksums
 * and denied access. They are damage like any other: the checkpoint before may be whole.
 */
final class Unreadable {
  private Unreadable() {}

  /** The damage that an error shows; the error itself if the reading was only interrupted. */
  static IOException of(Path path, IOException failed) {
    boolean interrupted =
        failed instanceof ClosedByInterruptException
            || (failed instanceof InterruptedIOException
                && !(failed instanceof SocketTimeoutException));
    if (failed instanceof CorruptCheckpointException || interrupted) {
      return failed;
    }
    String message = String.valueOf(failed.getMessage());
    boolean missing =
        failed instanceof FileNotFoundException && !message.contains("Permission denied");
    return new CorruptCheckpointException(
        "Cannot read %s: %s"
            .formatted(
                path,
                missing
                    ? "it is missing"
                    : failed.getClass().getSimpleName()
                        + ": "
                        + Visible.text(message.lines().findFirst().orElse(""))),
        failed);
  }
}
