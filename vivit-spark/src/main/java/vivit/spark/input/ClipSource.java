package vivit.spark.input;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;

/**
 * Reads any clip of a shard set by its position, keeping a few shards open. Used by one thread.
 *
 * <p>Positions count the clips of shard 0, then of shard 1, and so on.
 */
public final class ClipSource implements Closeable {
  private static final int OPEN_SHARDS = 16;

  private final ShardSet shards;
  private final int[] firstClip;
  private final Map<Integer, ShardReader> open = new LinkedHashMap<>(OPEN_SHARDS, 0.75f, true);

  public ClipSource(ShardSet shards) {
    this.shards = shards;
    this.firstClip = new int[shards.shards() + 1];
    for (int shard = 0; shard < shards.shards(); shard++) {
      firstClip[shard + 1] = Math.addExact(firstClip[shard], shards.clips(shard));
    }
  }

  /** Clips in the set. */
  public int clips() {
    return firstClip[firstClip.length - 1];
  }

  /** The clip at a position. */
  public StoredClip read(int position) throws IOException {
    int shard = 0;
    int high = firstClip.length - 1;
    while (high - shard > 1) {
      int middle = (shard + high) >>> 1;
      if (firstClip[middle] <= position) {
        shard = middle;
      } else {
        high = middle;
      }
    }
    return reader(shard).read(position - firstClip[shard]);
  }

  private ShardReader reader(int shard) throws IOException {
    ShardReader reader = open.get(shard);
    if (reader == null) {
      if (open.size() >= OPEN_SHARDS) {
        Integer oldest = open.keySet().iterator().next();
        open.remove(oldest).close();
      }
      reader = shards.reader(shard);
      open.put(shard, reader);
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    for (ShardReader reader : open.values()) {
      reader.close();
    }
    open.clear();
  }
}
