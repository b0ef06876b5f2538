package vivit.dataprep.inspect.statistics;

import java.io.Serializable;

/**
 * What the decoding of one video cost.
 *
 * @param video its id
 * @param seconds from opening to closing, or to the end of its share of a file of several
 * @param frames decoded, the ones between the wanted included
 * @param bytes read
 */
public record DecodeTiming(String video, double seconds, long frames, long bytes)
    implements Serializable {}
