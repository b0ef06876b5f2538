package vivit.spark.input;

import java.io.Closeable;
import java.io.IOException;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;

/** Reads clips by their position, from 0. Thread-safe. */
public interface ClipReader extends Closeable {

  /**
   * The clip at a position, in its stored form.
   *
   * @param memory to read into; the clip is valid until the memory is used for another
   */
  Clip read(int position, ClipBuffer memory) throws IOException;
}
