package vivit.dataprep.inspect;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.ShardPictures;
import vivit.dataprep.job.Parcel;
import vivit.dataprep.shard.ShardSet;

/**
 * Reads some clips of one shard: from the parcel of their {@link ClipPlace}s to that of {@link
 * ShardPictures}.
 */
final class InspectPicturesTask implements Function<byte[], byte[]> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final SerializableConfiguration hadoop;

  InspectPicturesTask(String folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public byte[] call(byte[] places) throws IOException {
    ShardSet set = ShardSet.open(new Path(folder), hadoop.value());
    return Parcel.pack(ShardPictures.read(set, List.of(Parcel.unpack(places, ClipPlace[].class))));
  }
}
