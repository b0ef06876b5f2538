package vivit.dataprep.inspect;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import vivit.dataprep.inspect.statistics.ShardFacts;
import vivit.dataprep.job.Parcel;
import vivit.dataprep.shard.ShardSet;

/** Reads the small columns of one shard: from its number to the parcel of {@link ShardFacts}. */
final class InspectFactsTask implements Function<Integer, byte[]> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final SerializableConfiguration hadoop;

  InspectFactsTask(String folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public byte[] call(Integer shard) throws IOException {
    ShardSet set = ShardSet.open(new Path(folder), hadoop.value());
    return Parcel.pack(ShardFacts.read(set, shard));
  }
}
