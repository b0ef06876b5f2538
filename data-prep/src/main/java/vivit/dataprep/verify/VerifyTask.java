package vivit.dataprep.verify;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import vivit.dataprep.job.Parcel;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.ShardVerifier;

/** Verifies one shard on an executor: from its number to the parcel of a {@link VerifyResult}. */
final class VerifyTask implements Function<Integer, byte[]> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final SerializableConfiguration hadoop;

  VerifyTask(String folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public byte[] call(Integer shard) throws IOException {
    ShardSet set = ShardSet.open(new Path(folder), hadoop.value());
    try {
      long[] clipsPerLabel = new ShardVerifier(set).verify(shard);
      return Parcel.pack(new VerifyResult(clipsPerLabel, ""));
    } catch (CorruptShardException e) {
      return Parcel.pack(new VerifyResult(new long[0], e.getMessage()));
    }
  }
}
