package vivit.dataprep.video;

import java.io.Serializable;

/**
 * What the clips of a request took. Where several requests share a file and its frames, each figure
 * is the growth since the request before it was finished, so that they add up to those of the file.
 *
 * @param framesDecoded frames that the decoder gave
 * @param framesKept frames that were converted and resized
 * @param bytesRead from the file
 * @param seconds of wall-clock time
 * @param salvaged what is missing of a truncated video, in words; empty if it is whole
 */
public record CutStatistics(
    long framesDecoded, long framesKept, long bytesRead, double seconds, String salvaged)
    implements Serializable {}
