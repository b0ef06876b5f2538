package vivit.model.initialise;

/**
 * How an image model's kernel {@code [p, p, 3, d]} becomes one of t frames {@code [t, p, p, 3, d]};
 * paper section 3.4, reference section 3.2. The bias is copied.
 */
public enum KernelInflation {
  /** Zeros, but frame {@code t / 2}, rounded down, is the image's; all published models. */
  CENTRAL_FRAME {
    @Override
    double weight(int frame, int frames) {
      return frame == frames / 2 ? 1 : 0;
    }
  },
  /** Every frame is the image's, divided by t. */
  AVERAGE {
    @Override
    double weight(int frame, int frames) {
      return 1.0 / frames;
    }
  },
  /**
   * Approximate rank pooling: frame k, from 1, is the image's times {@code (2 (t - k + 1) - (t + 1)
   * (H_t - H_(k-1))) / t}, with harmonic numbers H. Sums to zero over the frames, so it needs two.
   */
  RANK_POOLING {
    @Override
    double weight(int frame, int frames) {
      double harmonics = 0; // H_t - H_(k-1)
      for (int n = frame + 1; n <= frames; n++) {
        harmonics += 1.0 / n;
      }
      return (2.0 * (frames - frame) - (frames + 1.0) * harmonics) / frames;
    }
  };

  /** Factor of a frame, counted from 0. */
  abstract double weight(int frame, int frames);

  /**
   * The kernel of {@code frames} frames, row-major.
   *
   * @param image row-major {@code [p, p, 3, d]}
   */
  float[] inflate(float[] image, int frames) {
    float[] kernel = new float[Math.multiplyExact(image.length, frames)];
    for (int frame = 0; frame < frames; frame++) {
      double weight = weight(frame, frames);
      if (weight != 0) {
        for (int i = 0; i < image.length; i++) {
          kernel[frame * image.length + i] = (float) (image[i] * weight);
        }
      }
    }
    return kernel;
  }
}
