package vivit.model.initialise;

/**
 * Inflation of an image model's kernel {@code [p, p, 3, d]} to t frames {@code [t, p, p, 3, d]};
 * paper section 3.4 and docs/vivit.md, 4.2. The bias is copied.
 */
public enum KernelInflation {
  /**
   * The image's kernel at frame {@code t / 2}, rounded down, zeros elsewhere; the choice of all
   * published models.
   */
  CENTRAL_FRAME {
    @Override
    double weight(int frame, int frames) {
      return frame == frames / 2 ? 1 : 0;
    }
  },
  /** The image's kernel, divided by t, at every frame. */
  AVERAGE {
    @Override
    double weight(int frame, int frames) {
      return 1.0 / frames;
    }
  },
  /**
   * Approximate rank pooling: frame k, from 1, is the image's kernel times {@code (2 (t - k + 1) -
   * (t + 1) (H_t - H_(k-1))) / t}, with harmonic numbers H. The factors sum to zero, so it needs at
   * least two frames.
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
   * Inflates a kernel to {@code frames} frames, row-major {@code [t, p, p, 3, d]}.
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
