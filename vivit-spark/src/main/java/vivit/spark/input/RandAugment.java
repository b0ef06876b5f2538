package vivit.spark.input;

import java.io.Serializable;
import vivit.model.shape.ClipShape;
import vivit.spark.input.pixels.Blends.Brightness;
import vivit.spark.input.pixels.Blends.Colour;
import vivit.spark.input.pixels.Blends.Contrast;
import vivit.spark.input.pixels.Blends.MeanContrast;
import vivit.spark.input.pixels.Blends.Sharpness;
import vivit.spark.input.pixels.Moves.Rotate;
import vivit.spark.input.pixels.Moves.Shear;
import vivit.spark.input.pixels.Moves.Translate;
import vivit.spark.input.pixels.PixelOperation;
import vivit.spark.input.pixels.PixelOperation.Cutout;
import vivit.spark.input.pixels.PixelOperation.Identity;
import vivit.spark.input.pixels.Tones.AutoContrast;
import vivit.spark.input.pixels.Tones.Equalise;
import vivit.spark.input.pixels.Tones.Invert;
import vivit.spark.input.pixels.Tones.Posterise;
import vivit.spark.input.pixels.Tones.Solarise;
import vivit.spark.input.pixels.Tones.SolariseAdd;

/**
 * RandAugment: several operations in a row, each drawn anew; docs/vivit.md, 6.2.
 *
 * @param rule which operations there are, and what a magnitude means
 * @param layers number of operations in a row, 0 for none
 * @param deviation of the magnitude from one operation to the next; 0 for {@code REFERENCE}
 */
public record RandAugment(AugmentRule rule, int layers, double deviation) implements Serializable {

  /** Which operations there are, how they are drawn, and what a magnitude means. */
  public enum AugmentRule {
    /**
     * As in the training of ViViT: eleven operations and the identity, always applied, to the clip
     * as a whole. None moves pixels.
     */
    REFERENCE {
      @Override
      void applyOne(byte[] pixels, ClipShape shape, double magnitude, double spread, Draws draws) {
        int choice = draws.below(REFERENCE_CHOICES);
        int row = draws.below(shape.height());
        int column = draws.below(shape.width());
        reference(choice, magnitude, row, column).apply(pixels, shape);
      }
    },
    /**
     * As in timm and, for clips, PySlowFast and VideoMAE ({@code rand-m…-n…-mstd…-inc1}): fifteen
     * operations, all of them stronger at a larger magnitude, each applied with probability one
     * half, to every frame alike.
     */
    TIMM {
      @Override
      void applyOne(byte[] pixels, ClipShape shape, double magnitude, double spread, Draws draws) {
        int choice = draws.below(TIMM_CHOICES);
        boolean applied = draws.unit() < 0.5;
        double sign = draws.unit() < 0.5 ? -1 : 1;
        double drawn = magnitude + spread * draws.normal();
        if (applied) {
          timm(choice, Math.max(0, Math.min(drawn, LEVELS)), sign).applyToFrames(pixels, shape);
        }
      }
    };

    /** Draws an operation and applies it. */
    abstract void applyOne(
        byte[] pixels, ClipShape shape, double magnitude, double spread, Draws draws);
  }

  /** Magnitude that operations are designed for, at most. */
  public static final double LEVELS = 10;

  private static final int REFERENCE_CHOICES = 12;
  private static final int TIMM_CHOICES = 15;
  private static final double LARGEST_TURN = 30;
  private static final double LARGEST_SHEAR = 0.3;
  private static final double LARGEST_SHIFT = 0.45;

  /**
   * Augments a clip in place.
   *
   * @param pixels {@code [T, H, W, 3]} of uint8
   * @param magnitude of all operations; designed for 0 to 10, beyond which {@code REFERENCE}
   *     extrapolates
   */
  void apply(byte[] pixels, ClipShape shape, double magnitude, Draws draws) {
    for (int layer = 0; layer < layers; layer++) {
      rule.applyOne(pixels, shape, magnitude, deviation, draws);
    }
  }

  /**
   * The operation of {@code REFERENCE} with a number from 0 to 11; row and column apply to
   * operations with a position.
   */
  static PixelOperation reference(int choice, double magnitude, int row, int column) {
    double level = magnitude / LEVELS;
    float factor = (float) (level * 1.8 + 0.1);
    return switch (choice) {
      case 0 -> new AutoContrast();
      case 1 -> new Equalise();
      case 2 -> new Invert();
      case 3 -> new Posterise((int) (level * 4));
      case 4 -> new Solarise((int) (level * 256));
      case 5 -> new Colour(factor);
      case 6 -> new Contrast(factor);
      case 7 -> new Brightness(factor);
      case 8 -> new Sharpness(factor);
      case 9 -> new Cutout((int) (level * 40), row, column);
      case 10 -> new SolariseAdd((int) (level * 110));
      case 11 -> new Identity();
      default -> throw new IllegalArgumentException("operation " + choice + "; expected 0 to 11");
    };
  }

  /**
   * The operation of {@code TIMM} with a number from 0 to 14.
   *
   * @param magnitude 0 to 10
   * @param sign 1 or -1, for operations that have two directions
   */
  static PixelOperation timm(int choice, double magnitude, double sign) {
    double level = magnitude / LEVELS;
    double signed = sign * level;
    float factor = (float) (1 + 0.9 * signed);
    return switch (choice) {
      case 0 -> new AutoContrast();
      case 1 -> new Equalise();
      case 2 -> new Invert();
      case 3 -> new Rotate(LARGEST_TURN * signed);
      case 4 -> new Posterise(4 - (int) (level * 4));
      case 5 -> solarise(256 - (int) (level * 256));
      case 6 -> new SolariseAdd((int) (level * 110));
      case 7 -> new Colour(factor);
      case 8 -> new MeanContrast(factor);
      case 9 -> new Brightness(factor);
      case 10 -> new Sharpness(factor);
      case 11 -> new Shear(LARGEST_SHEAR * signed, 0);
      case 12 -> new Shear(0, LARGEST_SHEAR * signed);
      case 13 -> new Translate(LARGEST_SHIFT * signed, 0);
      case 14 -> new Translate(0, LARGEST_SHIFT * signed);
      default -> throw new IllegalArgumentException("operation " + choice + "; expected 0 to 14");
    };
  }

  /** A threshold of 256 inverts nothing, whereas the operation counts modulo 256. */
  private static PixelOperation solarise(int threshold) {
    return threshold > 255 ? new Identity() : new Solarise(threshold);
  }
}
