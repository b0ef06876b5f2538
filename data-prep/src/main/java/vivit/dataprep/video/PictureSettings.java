package vivit.dataprep.video;

import java.io.Serializable;

/**
 * What becomes of decoded pictures before they are cut.
 *
 * @param scaler method of resizing
 * @param aspect treatment of pixels that are not square
 * @param toneMap treatment of high dynamic range
 * @param deinterlace treatment of interlaced frames
 */
public record PictureSettings(
    Scaler scaler, Aspect aspect, ToneMap toneMap, Deinterlace deinterlace)
    implements Serializable {
  /** The original code's resize; everything else as it is stored. */
  public static final PictureSettings REFERENCE = of(Scaler.REFERENCE);

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

  /** Treatment of pixels that the container or the codec declares wider or narrower than high. */
  public enum Aspect {
    /** Pixels stay as they are stored. */
    STORED,
    /** Frames are as wide as a player shows them: width times the declared aspect, rounded. */
    SQUARE
  }

  /** Treatment of frames with the transfer curves PQ and HLG of high dynamic range. */
  public enum ToneMap {
    /** Their code values are taken as they are, and look flat. */
    OFF,
    /** FFmpeg's scaler maps them to BT.709, perceptually. */
    SDR
  }

  /** Treatment of frames that consist of two fields of different times. */
  public enum Deinterlace {
    /** The fields stay interleaved. */
    OFF,
    /** Frames marked as interlaced get FFmpeg's filter bwdif; one frame stays one frame. */
    INTERLACED,
    /** All frames get it, for files whose marks are wrong. */
    ALL
  }

  /** The settings with a method of resizing, everything else as it is stored. */
  static PictureSettings of(Scaler scaler) {
    return new PictureSettings(scaler, Aspect.STORED, ToneMap.OFF, Deinterlace.OFF);
  }
}
