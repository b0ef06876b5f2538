package vivit.dataprep.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Visible;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** Cuts the clips of one video without writing shards. */
public final class VideoClips {
  private static final Logger LOG = LoggerFactory.getLogger(VideoClips.class);

  private VideoClips() {}

  /**
   * Cuts the evaluation views of an unlabelled video, exactly as an evaluation shard set would hold
   * them that was prepared with the usual treatment of streams, pictures and damage.
   *
   * @return clips in view order, without labels
   * @throws UndecodableVideoException with the cause
   */
  public static List<StoredClip> evaluation(
      Configuration conf, Path video, ClipSettings settings, int views) throws IOException {
    String id = video.getName();
    List<StoredClip> clips = new ArrayList<>();
    List<UndecodableVideoException> causes = new ArrayList<>();
    CutSink sink =
        new CutSink() {
          @Override
          public void clip(CutTubelets cut) {
            clips.add(
                new StoredClip(
                    id + ":" + cut.view(),
                    id,
                    cut.view(),
                    ClipLabels.NONE,
                    settings.frames(),
                    cut.height(),
                    cut.width(),
                    cut.pixels()));
          }

          @Override
          public void finished(int request, CutStatistics statistics) {
            statistics
                .remarks()
                .forEach(remark -> LOG.warn("{}: {}", Visible.text(id), Visible.text(remark)));
          }

          @Override
          public void failed(int request, UndecodableVideoException cause) {
            causes.add(cause);
          }
        };
    CutRequest request =
        new CutRequest(id, TimeSpan.WHOLE, new ClipPlacement(Purpose.EVALUATION, views, 0));
    try (VideoInput in = HadoopVideoInput.open(OpenFileSystem.of(video, conf), video)) {
      new VideoCutter().cut(in, List.of(request), CutSettings.reference(settings), sink);
    }
    if (!causes.isEmpty()) {
      throw causes.get(0);
    }
    return clips;
  }
}
