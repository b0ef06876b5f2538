package vivit.spark.input;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReferenceArray;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.ShardIndex;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.TubeletClip;

/**
 * Reads any clip of a shard set by its position, keeping the most recently read shards open.
 * Thread-safe: each thread reads with its own reader.
 *
 * <p>Positions count the clips of shard 0, then of shard 1, and so on.
 */
public final class ClipSource implements ClipReader {
  private static final int OPEN_SHARDS = 32;

  private final ShardSet shards;
  private final int[] firstClip;

  /** Indexes of the shards that have been read; with its index a shard opens much faster. */
  private final AtomicReferenceArray<ShardIndex> indexes;

  /** Idle readers, the most recently used first. */
  private final Deque<Idle> idle = new ArrayDeque<>(OPEN_SHARDS);

  private boolean closed;

  private record Idle(int shard, ShardReader reader) {}

  public ClipSource(ShardSet shards) {
    this.shards = shards;
    this.indexes = new AtomicReferenceArray<>(shards.shards());
    this.firstClip = new int[shards.shards() + 1];
    for (int shard = 0; shard < shards.shards(); shard++) {
      firstClip[shard + 1] = Math.addExact(firstClip[shard], shards.clips(shard));
    }
  }

  /** Number of clips in the set. */
  public int clips() {
    return firstClip[firstClip.length - 1];
  }

  @Override
  public TubeletClip read(int position, ClipBuffer memory) throws IOException {
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
    ShardReader reader = take(shard);
    TubeletClip clip;
    try {
      clip = reader.tubelets(position - firstClip[shard], memory);
    } catch (IOException | RuntimeException unreadable) {
      reader.close();
      throw unreadable;
    }
    put(shard, reader);
    return clip;
  }

  private ShardReader take(int shard) throws IOException {
    synchronized (idle) {
      for (Iterator<Idle> readers = idle.iterator(); readers.hasNext(); ) {
        Idle one = readers.next();
        if (one.shard() == shard) {
          readers.remove();
          return one.reader();
        }
      }
    }
    ShardIndex known = indexes.get(shard);
    if (known != null) {
      return shards.reader(shard, known);
    }
    ShardReader first = shards.reader(shard);
    indexes.set(shard, first.index());
    return first;
  }

  private void put(int shard, ShardReader reader) throws IOException {
    ShardReader unused;
    synchronized (idle) {
      if (closed) {
        unused = reader;
      } else {
        unused = idle.size() < OPEN_SHARDS ? null : idle.removeLast().reader();
        idle.addFirst(new Idle(shard, reader));
      }
    }
    if (unused != null) {
      unused.close();
    }
  }

  /** Closes the shards; a shard that is being read is closed after the read. */
  @Override
  public void close() throws IOException {
    synchronized (idle) {
      closed = true;
      for (Idle one = idle.poll(); one != null; one = idle.poll()) {
        one.reader().close();
      }
    }
  }
}
