package vivit.dataprep.video;

/** How frames are brought to the size of the shards. */
public enum Scaler {
  /**
   * The original code's resize: bilinear, half-pixel centres, no antialiasing, truncated to bytes.
   */
  REFERENCE,
  /** FFmpeg's bicubic scaler, whose kernel grows with the reduction, so that nothing aliases. */
  ANTIALIAS
}
