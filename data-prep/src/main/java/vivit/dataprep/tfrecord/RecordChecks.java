package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.tfrecord.Framing.Frame;
import vivit.dataprep.tfrecord.ShardIndex.Entry;

/**
 * Compares the checksums of records that say something odd. Listing does not, since that would read
 * all frames; so what is odd may be damage, of which no class should be made.
 */
final class RecordChecks implements RecordLabels.Checks {
  /** More odd records than this are no damage. */
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
    try (ShardBytes bytes = ShardOpener.open(path.getFileSystem(conf), path)) {
      Framing framing = new Framing(bytes, new Window(bytes));
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
