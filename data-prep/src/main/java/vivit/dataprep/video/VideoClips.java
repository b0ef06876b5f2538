package vivit.dataprep.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.ClipSampler;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.FrameResizer;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.source.ClipLabels;
import vivit.dataprep.source.TimeSpan;

/** Cuts the clips of one video: frames by time, resized, put together. */
public final class VideoClips {
  private VideoClips() {}

  /** Chooses where the clips of a video start, on its sampling grid. */
  @FunctionalInterface
  public interface Placement {
    /** One offset per clip, for a grid of {@code length} moments. */
    int[] offsets(int length);
  }

  /**
   * Random positions for training, the same for the same seed and video.
   *
   * @see ClipSampler#trainingOffsets
   */
  public static Placement training(ClipSettings settings, int clips, long seed, String videoId) {
    return length ->
        ClipSampler.trainingOffsets(
            length, settings.frames(), settings.stride(), clips, seed, videoId);
  }

  /** Evenly spaced views for evaluation; a single one is the centre clip. */
  public static Placement evaluation(ClipSettings settings, int views) {
    return length ->
        views == 1
            ? new int[] {ClipSampler.centreOffset(length, settings.frames(), settings.stride())}
            : ClipSampler.evaluationOffsets(length, settings.frames(), settings.stride(), views);
  }

  /**
   * Cuts the evaluation views of a video that has no label, exactly as an evaluation shard set
   * would hold them.
   *
   * @return clips in order of their views; without labels
   * @throws UndecodableVideoException with the cause
   */
  public static List<StoredClip> evaluation(
      Configuration conf, Path video, ClipSettings settings, int views) throws IOException {
    return cut(
            video.getFileSystem(conf),
            video,
            video.getName(),
            ClipLabels.NONE,
            TimeSpan.WHOLE,
            settings,
            evaluation(settings, views))
        .stream()
        .map(CutClip::clip)
        .toList();
  }

  /**
   * Cuts clips.
   *
   * @param videoId goes into the clips
   * @param labels go into the clips
   * @param span the part of the video to take them from
   * @return one clip per offset, in their order
   * @throws UndecodableVideoException with the cause
   * @throws IOException if the storage fails
   */
  public static List<CutClip> cut(
      FileSystem fs,
      Path video,
      String videoId,
      ClipLabels labels,
      TimeSpan span,
      ClipSettings settings,
      Placement placement)
      throws IOException {
    try (VideoInput in = HadoopVideoInput.open(fs, video)) {
      return cut(in, 0, span, settings, placement).stream()
          .map(
              cut ->
                  new CutClip(
                      new StoredClip(
                          videoId + ":" + cut.view(),
                          videoId,
                          cut.view(),
                          labels,
                          settings.frames(),
                          cut.height(),
                          cut.width(),
                          cut.pixels()),
                      cut.origin()))
          .toList();
    }
  }

  /** Cuts the clips of a request. */
  static List<CutPixels> cut(VideoInput in, int number, CutRequest request, ClipSettings settings)
      throws IOException {
    return cut(
        in,
        number,
        request.span(),
        settings,
        length -> request.placement().offsets(length, settings, request.videoId()));
  }

  private static List<CutPixels> cut(
      VideoInput in, int request, TimeSpan span, ClipSettings settings, Placement placement)
      throws IOException {
    FfmpegDecoder decoder = FfmpegDecoder.open(in);
    SamplingGrid grid = SamplingGrid.over(decoder.timeline(), span, settings.framesPerSecond());
    int[] offsets = placement.offsets(grid.length());
    int[][] moments =
        Arrays.stream(offsets)
            .mapToObj(
                offset ->
                    ClipSampler.indices(
                        grid.length(), settings.frames(), settings.stride(), offset))
            .toArray(int[][]::new);
    Frames frames = new Frames(settings.shortSide());
    int[] wanted = Arrays.stream(moments).flatMapToInt(IntStream::of).sorted().distinct().toArray();
    decoder.decode(grid, wanted, frames);
    List<CutPixels> clips = new ArrayList<>();
    for (int view = 0; view < offsets.length; view++) {
      ClipOrigin origin =
          new ClipOrigin(
              offsets[view],
              settings.stride(),
              settings.framesPerSecond(),
              frames.timestamps(moments[view]),
              frames.sourceHeight,
              frames.sourceWidth,
              decoder.frameRate());
      byte[] pixels = frames.pixels(moments[view]);
      clips.add(
          new CutPixels(request, view, frames.size.height(), frames.size.width(), pixels, origin));
    }
    return clips;
  }

  /** Keeps the frames of a video at their final size: that of the first frame, brought to scale. */
  private static final class Frames implements FfmpegDecoder.FrameSink {
    private final int shortSide;
    private final Map<Integer, RgbFrame> resized = new TreeMap<>();
    private FrameResizer.Size size;
    private int sourceHeight;
    private int sourceWidth;

    Frames(int shortSide) {
      this.shortSide = shortSide;
    }

    @Override
    public void accept(int[] moments, RgbFrame frame) {
      if (size == null) {
        sourceHeight = frame.height();
        sourceWidth = frame.width();
        size = FrameResizer.shortSide(sourceHeight, sourceWidth, shortSide);
      }
      byte[] pixels =
          FrameResizer.bilinear(
              frame.pixels(), 1, frame.height(), frame.width(), size.height(), size.width());
      RgbFrame kept = new RgbFrame(frame.timestamp(), size.height(), size.width(), pixels);
      for (int moment : moments) {
        resized.put(moment, kept);
      }
    }

    byte[] pixels(int[] moments) {
      int frameBytes = size.height() * size.width() * 3;
      byte[] pixels = new byte[Math.multiplyExact(frameBytes, moments.length)];
      for (int i = 0; i < moments.length; i++) {
        System.arraycopy(resized.get(moments[i]).pixels(), 0, pixels, i * frameBytes, frameBytes);
      }
      return pixels;
    }

    double[] timestamps(int[] moments) {
      return Arrays.stream(moments).mapToDouble(m -> resized.get(m).timestamp()).toArray();
    }
  }
}
