package vivit.dataprep.shard;

/**
 * Where a clip's frames came from.
 *
 * @param startFrame index of the first frame on the sampling grid of its video
 * @param stride between neighbouring frames, on that grid
 * @param framesPerSecond rate of the grid; 0 when it is the source's own frames
 * @param timestamps per frame the source's own presentation time, in seconds
 * @param sourceHeight height of the decoded frames before resizing
 * @param sourceWidth width of the decoded frames before resizing
 * @param sourceFrameRate average rate that the container states, in frames per second; 0 if none
 */
public record ClipOrigin(
    int startFrame,
    int stride,
    double framesPerSecond,
    double[] timestamps,
    int sourceHeight,
    int sourceWidth,
    double sourceFrameRate) {}
