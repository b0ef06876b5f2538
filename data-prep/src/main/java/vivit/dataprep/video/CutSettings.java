package vivit.dataprep.video;

import java.io.Serializable;
import vivit.dataprep.clip.ClipSettings;

/**
 * The settings for cutting clips out of videos.
 *
 * @param clip frames, rate and size of the clips
 * @param picture what becomes of decoded pictures
 * @param stream that is the video
 * @param truncated treatment of truncated files
 * @param mostMadeUp the largest share of a clip's frames that may be made up because they cannot be
 *     decoded, from 0 to 1; a clip with more is left out
 * @param decodeThreads number of threads of a decoder; 1 decodes on the calling thread
 * @param codecs that are decoded
 */
public record CutSettings(
    ClipSettings clip,
    PictureSettings picture,
    StreamChoice stream,
    Truncated truncated,
    double mostMadeUp,
    int decodeThreads,
    Codecs codecs)
    implements Serializable {
  /** Upper limit of decoder threads; no decoder benefits from more. */
  public static final int MOST_THREADS = 64;

  /** The usual limit of {@link #mostMadeUp}. */
  public static final double USUAL_MADE_UP = 0.2;

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
    if (!(mostMadeUp >= 0 && mostMadeUp <= 1)) {
      throw new IllegalArgumentException(
          "a share of %s made up frames, expected 0 to 1".formatted(mostMadeUp));
    }
  }

  /** The same without made-up frames. */
  public CutSettings withoutMadeUp() {
    return new CutSettings(clip, picture, stream, truncated, 0, decodeThreads, codecs);
  }

  /**
   * The original code's resize, the best stream, truncated files refused, the usual limit of
   * made-up frames, one thread, the usual codecs.
   */
  public static CutSettings reference(ClipSettings clip) {
    return new CutSettings(
        clip,
        PictureSettings.REFERENCE,
        StreamChoice.BEST,
        Truncated.REFUSE,
        USUAL_MADE_UP,
        1,
        Codecs.USUAL);
  }
}
