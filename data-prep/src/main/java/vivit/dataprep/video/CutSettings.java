package vivit.dataprep.video;

import java.io.Serializable;
import vivit.dataprep.clip.ClipSettings;

/**
 * How videos become clips.
 *
 * @param clip frames, rate and size of the clips
 * @param scaler how frames are resized
 * @param truncated what becomes of files that break off
 * @param decodeThreads threads of a decoder; 1 decodes on the calling thread
 */
public record CutSettings(ClipSettings clip, Scaler scaler, Truncated truncated, int decodeThreads)
    implements Serializable {
  /** More threads than this no decoder needs. */
  public static final int MOST_THREADS = 64;

  public CutSettings {
    if (decodeThreads < 1 || decodeThreads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "%d decode threads, expected 1 to %d".formatted(decodeThreads, MOST_THREADS));
    }
  }

  /** The original code's resize, no broken files, one thread. */
  public static CutSettings reference(ClipSettings clip) {
    return new CutSettings(clip, Scaler.REFERENCE, Truncated.REFUSE, 1);
  }
}
