package vivit.dataprep.video;

import java.io.Serializable;
import vivit.dataprep.clip.ClipSettings;

/**
 * The settings for cutting clips out of videos.
 *
 * @param clip frames, rate and size of the clips
 * @param scaler method of resizing frames
 * @param truncated treatment of truncated files
 * @param decodeThreads number of threads of a decoder; 1 decodes on the calling thread
 * @param codecs that are decoded
 */
public record CutSettings(
    ClipSettings clip, Scaler scaler, Truncated truncated, int decodeThreads, Codecs codecs)
    implements Serializable {
  /** Upper limit of decoder threads; no decoder benefits from more. */
  public static final int MOST_THREADS = 64;

  /** Method of resizing frames to the size of the shards. */
  public enum Scaler {
    /**
     * The original code's resize (docs/vivit.md, 6.1): bilinear, half-pixel centres, no
     * antialiasing, truncated to bytes.
     */
    REFERENCE,
    /** FFmpeg's bicubic scaler, whose kernel grows with the reduction and so prevents aliasing. */
    ANTIALIAS
  }

  /** Treatment of truncated files. */
  public enum Truncated {
    /** The file is a bad video. */
    REFUSE,
    /** The intact part counts as the video, if it holds at least one whole clip. */
    SALVAGE
  }

  public CutSettings {
    if (decodeThreads < 1 || decodeThreads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "%d decode threads, expected 1 to %d".formatted(decodeThreads, MOST_THREADS));
    }
  }

  /** The original code's resize, truncated files refused, one thread, the usual codecs. */
  public static CutSettings reference(ClipSettings clip) {
    return new CutSettings(clip, Scaler.REFERENCE, Truncated.REFUSE, 1, Codecs.USUAL);
  }
}
