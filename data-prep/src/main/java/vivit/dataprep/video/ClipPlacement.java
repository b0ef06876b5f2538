package vivit.dataprep.video;

import java.io.Serializable;
import vivit.dataprep.clip.ClipSampler;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;

/**
 * The number of clips cut from a video and the rule for their positions.
 *
 * @param purpose random positions for training, evenly spaced views for evaluation
 * @param clips per video; a single evaluation view is the centre one
 * @param seed of the shard set; for training it determines the positions, together with the name of
 *     the video
 */
public record ClipPlacement(Purpose purpose, int clips, long seed) implements Serializable {
  public ClipPlacement {
    if (clips < 1) {
      throw new IllegalArgumentException(
          "%d clips of a video, expected 1 or more".formatted(clips));
    }
  }

  /**
   * Start offsets of the clips, increasing, on a sampling grid of {@code gridLength} moments.
   *
   * @see ClipSampler
   */
  public int[] offsets(int gridLength, ClipSettings settings, String videoId) {
    int frames = settings.frames();
    int stride = settings.stride();
    return switch (purpose) {
      case TRAINING ->
          ClipSampler.trainingOffsets(gridLength, frames, stride, clips, seed, videoId);
      case EVALUATION ->
          clips == 1
              ? new int[] {ClipSampler.centreOffset(gridLength, frames, stride)}
              : ClipSampler.evaluationOffsets(gridLength, frames, stride, clips);
    };
  }
}
