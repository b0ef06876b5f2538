package vivit.spark.input;

import vivit.model.shape.ClipShape;
import vivit.spark.input.pixels.Blends.Brightness;
import vivit.spark.input.pixels.Blends.Colour;
import vivit.spark.input.pixels.Blends.Contrast;
import vivit.spark.input.pixels.Blends.Sharpness;
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
 * RandAugment as in the training of ViViT; docs/vivit.md, 6.2: several operations in a row, each
 * drawn from eleven and the identity and always applied. No operation moves pixels.
 *
 * @param shape of the clips
 * @param layers number of operations in a row
 */
record RandAugment(ClipShape shape, int layers) {
  private static final int CHOICES = 12;

  /**
   * Augments a clip in place. The draws of a layer do not depend on its operation.
   *
   * @param magnitude of all operations; designed for 0 to 10, and extrapolated beyond
   */
  void apply(byte[] pixels, double magnitude, Draws draws) {
    for (int layer = 0; layer < layers; layer++) {
      int choice = draws.below(CHOICES);
      int row = draws.below(shape.height());
      int column = draws.below(shape.width());
      operation(choice, magnitude, row, column).apply(pixels, shape);
    }
  }

  /**
   * The operation with a number from 0 to 11; row and column apply to operations with a position.
   */
  static PixelOperation operation(int choice, double magnitude, int row, int column) {
    double level = magnitude / 10;
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
}
