package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.tfrecord.Framing.Frame;
import vivit.dataprep.tfrecord.RecordIndex.Entry;

/**
 * Verifies the checksums of records with unlikely labels. Listing does not verify them, since that
 * would read all frames; an unlikely label may therefore be damage, which must not become a class.
 */
final class RecordChecks implements RecordLabels.Checks {
  /** Largest number of records to verify; if more are unlikely, damage is not the cause. */
  private static final int MOST = 100;

  private final Configuration conf;
  private int left = MOST;

  RecordChecks(Configuration conf) {
    this.conf = conf;
  }

  @Override
  public Optional<Entry> damaged(String shard, Entry record) throws IOException {
    left--;
    if (left < 0) {
      return Optional.empty();
    }
    Path path = new Path(shard);
    try (ShardBytes bytes = ShardBytes.open(OpenFileSystem.of(path, conf), path)) {
      Framing framing = new Framing(bytes, new ByteWindow(bytes));
      Optional<Frame> frame = framing.frame(record.start());
      if (frame.isPresent()) {
        framing.check(frame.get());
      }
      return Optional.empty();
    } catch (DamagedRecordException e) {
      return Optional.of(record.bad(e.kind(), e.getMessage()));
    }
  }
}
