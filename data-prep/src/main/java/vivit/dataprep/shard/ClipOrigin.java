package vivit.dataprep.shard;

/**
 * The source of a clip's frames.
 *
 * @param startFrame index of the first frame on the sampling grid of its video
 * @param stride distance between consecutive frames on that grid
 * @param framesPerSecond rate of the grid; 0 for the source's own frames
 * @param timestamps presentation time of each frame in the source, in seconds
 * @param sourceHeight height of the decoded frames before resizing
 * @param sourceWidth width of the decoded frames before resizing
 * @param sourceFrameRate average frames per second according to the container; 0 if unknown
 */
public record ClipOrigin(
    int startFrame,
    int stride,
    double framesPerSecond,
    double[] timestamps,
    int sourceHeight,
    int sourceWidth,
    double sourceFrameRate) {}
