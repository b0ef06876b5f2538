package vivit.dataprep.inspect.statistics;

import java.io.Serializable;

/** Where a clip is: the number of its shard in the manifest, and its row group. */
public record ClipPlace(int shard, int rowGroup) implements Serializable {}
