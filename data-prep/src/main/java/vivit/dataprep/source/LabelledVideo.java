package vivit.dataprep.source;

import java.io.Serializable;

/**
 * A video, or a part of one, with its class.
 *
 * @param id names it in the shard set: its path as the source states it, with {@code #t=start,end}
 *     when it is a part
 * @param path where to read it
 * @param label class name
 * @param span the part
 */
public record LabelledVideo(String id, String path, String label, TimeSpan span)
    implements Serializable {}
