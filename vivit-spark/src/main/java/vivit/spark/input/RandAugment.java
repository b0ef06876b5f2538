package vivit.spark.input;

import vivit.model.shape.ClipShape;
import vivit.spark.input.pixels.AutoContrast;
import vivit.spark.input.pixels.Brightness;
import vivit.spark.input.pixels.Colour;
import vivit.spark.input.pixels.Contrast;
import vivit.spark.input.pixels.Cutout;
import vivit.spark.input.pixels.Equalise;
import vivit.spark.input.pixels.Identity;
import vivit.spark.input.pixels.Invert;
import vivit.spark.input.pixels.Operation;
import vivit.spark.input.pixels.Posterise;
import vivit.spark.input.pixels.Sharpness;
import vivit.spark.input.pixels.Solarise;
import vivit.spark.input.pixels.SolariseAdd;

/**
 * RandAugment as ViViT was trained with it (docs/vivit.md, 6.2): some operations in a row, each
 * drawn from eleven and the identity, always applied. None of them moves pixels.
 *
 * @param shape of the clips
 * @param layers operations in a row
 */
record RandAugment(ClipShape shape, int layers) {
  private static final int CHOICES = 12;

  /**
   * Augments a clip in place. Every layer makes the same draws whatever its operation.
   *
   * @param magnitude of all operations; they were made for 0 to 10 but go on beyond
   */
  void apply(byte[] pixels, double magnitude, Draws draws) {
    for (int layer = 0; layer < layers; layer++) {
      int choice = draws.below(CHOICES);
      int row = draws.below(shape.height());
      int column = draws.below(shape.width());
      operation(choice, magnitude, row, column).apply(pixels, shape);
    }
  }

  /** The operation of a number from 0 to 11; row and column are where it happens, if anywhere. */
  static Operation operation(int choice, double magnitude, int row, int column) {
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
