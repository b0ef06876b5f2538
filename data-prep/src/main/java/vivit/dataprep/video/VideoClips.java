package vivit.dataprep.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.StoredClip;

/** Cuts the clips of one video: frames by time, resized, put together. */
public final class VideoClips {
  private VideoClips() {}

  /**
   * Cuts the evaluation views of a video that has no label, exactly as an evaluation shard set
   * would hold them.
   *
   * @return clips in order of their views; without labels
   * @throws UndecodableVideoException with the cause
   */
  public static List<StoredClip> evaluation(
      Configuration conf, Path video, ClipSettings settings, int views) throws IOException {
    ClipPlacement placement = new ClipPlacement(Purpose.EVALUATION, views, 0);
    return cut(
            video.getFileSystem(conf),
            video,
            video.getName(),
            ClipLabels.NONE,
            TimeSpan.WHOLE,
            settings,
            length -> placement.offsets(length, settings, video.getName()))
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
  static List<CutClip> cut(
      FileSystem fs,
      Path video,
      String videoId,
      ClipLabels labels,
      TimeSpan span,
      ClipSettings settings,
      VideoCutter.Offsets offsets)
      throws IOException {
    List<CutClip> clips = new ArrayList<>();
    List<UndecodableVideoException> causes = new ArrayList<>();
    CutSink sink =
        new CutSink() {
          @Override
          public void clip(CutTubelets cut) {
            StoredClip clip =
                new StoredClip(
                    videoId + ":" + cut.view(),
                    videoId,
                    cut.view(),
                    labels,
                    settings.frames(),
                    cut.height(),
                    cut.width(),
                    cut.pixels());
            clips.add(new CutClip(clip, cut.origin()));
          }

          @Override
          public void finished(int request, CutStatistics statistics) {}

          @Override
          public void failed(int request, UndecodableVideoException cause) {
            causes.add(cause);
          }
        };
    try (VideoInput in = HadoopVideoInput.open(fs, video)) {
      new VideoCutter()
          .cutWanted(
              in,
              List.of(new VideoCutter.Wanted(span, offsets)),
              CutSettings.reference(settings),
              sink);
    }
    if (!causes.isEmpty()) {
      throw causes.get(0);
    }
    return clips;
  }
}
