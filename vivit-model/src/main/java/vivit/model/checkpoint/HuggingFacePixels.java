package vivit.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import vivit.model.shape.ClipShape;

/**
 * What a {@code preprocessor_config.json} makes of pixels, as a line per channel over what this
 * program makes of them: {@code u_c = scale_c v_c + shift_c} with v in [-1, 1].
 *
 * <p>A model that learned from u is turned into the same function of v by {@link #kernel} and
 * {@link #bias}.
 */
final class HuggingFacePixels {
  static final String FILE = "preprocessor_config.json";

  /** Pixels as they are here. */
  static final HuggingFacePixels OURS =
      new HuggingFacePixels(new double[] {1, 1, 1}, new double[3]);

  private static final String PROCESSOR = "VivitImageProcessor";
  private static final int CHANNELS = 3;
  private static final double HALF_RANGE = 127.5;
  private static final double ROUNDING = 1e-6;

  private final double[] scale;
  private final double[] shift;

  private HuggingFacePixels(double[] scale, double[] shift) {
    this.scale = scale;
    this.shift = shift;
  }

  /**
   * Reads a file, whose absent keys have the library's defaults: those of ViViT's processor, or, if
   * the file is another's, 1/255 and no offset.
   */
  static HuggingFacePixels read(Bytes file) throws IOException {
    JsonNode root = StrictJson.read(file);
    boolean own = root.path("image_processor_type").asText(PROCESSOR).startsWith(PROCESSOR);
    double factor = 1;
    double offset = 0;
    if (flag(file, root, "do_rescale", true)) {
      factor =
          number(file, "rescale_factor", root.path("rescale_factor"), 1 / (own ? HALF_RANGE : 255));
      offset = flag(file, root, "offset", own) ? 1 : 0;
    }
    double[] mean = new double[CHANNELS];
    double[] deviation = {1, 1, 1};
    if (flag(file, root, "do_normalize", true)) {
      mean = channels(file, root, "image_mean");
      deviation = channels(file, root, "image_std");
    }
    double[] scale = new double[CHANNELS];
    double[] shift = new double[CHANNELS];
    for (int channel = 0; channel < CHANNELS; channel++) {
      if (!(deviation[channel] > 0)) {
        throw refuse(file, "image_std", root.path("image_std"), "numbers above 0");
      }
      scale[channel] = HALF_RANGE * factor / deviation[channel];
      shift[channel] = (HALF_RANGE * factor - offset - mean[channel]) / deviation[channel];
    }
    return new HuggingFacePixels(scale, shift);
  }

  /**
   * What makes the library's processor scale pixels as this program does. The short side is 256/224
   * of the crop's, as in most recipes; the tensors do not say what it was in the training.
   */
  static byte[] write(ClipShape clip) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.putObject("crop_size").put("height", clip.height()).put("width", clip.width());
    root.put("do_center_crop", true);
    root.put("do_normalize", false);
    root.put("do_rescale", true);
    root.put("do_resize", true);
    root.put("image_processor_type", PROCESSOR);
    root.put("offset", true);
    root.put("rescale_factor", 1 / HALF_RANGE);
    root.put("resample", 2);
    root.putObject("size").put("shortest_edge", Math.max(clip.height(), clip.width()) * 8 / 7);
    return StrictJson.write(root);
  }

  /** Whether pixels are what they are here. */
  boolean isOurs() {
    return is(1, 0);
  }

  /**
   * Whether it is the published models' file. Its processor brings pixels to [-1, 1] and then
   * normalises them again, to [-3, 1], but the models learned from [-1, 1].
   */
  boolean isNormalisedTwice() {
    return is(2, -1);
  }

  private boolean is(double factor, double constant) {
    return Arrays.stream(scale).allMatch(found -> Math.abs(found - factor) < ROUNDING)
        && Arrays.stream(shift).allMatch(found -> Math.abs(found - constant) < ROUNDING);
  }

  /** The embedding kernel, {@code [.., 3, width]}, for pixels in [-1, 1]. */
  float[] kernel(float[] stored, int width) {
    float[] kernel = new float[stored.length];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (stored[i] * scale[i / width % CHANNELS]);
    }
    return kernel;
  }

  /** The embedding bias for pixels in [-1, 1], given the stored kernel. */
  float[] bias(float[] stored, float[] kernel) {
    double[] sums = new double[stored.length];
    for (int i = 0; i < kernel.length; i++) {
      sums[i % sums.length] += kernel[i] * shift[i / sums.length % CHANNELS];
    }
    float[] bias = new float[stored.length];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) (stored[i] + sums[i]);
    }
    return bias;
  }

  /** For example {@code 2.18 v + 0.04, 2.23 v + 0.22, 2.22 v + 0.42}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int channel = 0; channel < CHANNELS; channel++) {
      text.append(channel == 0 ? "" : ", ")
          .append(String.format(Locale.ROOT, "%.3g v %+.3g", scale[channel], shift[channel]));
    }
    return text.toString();
  }

  private static boolean flag(Bytes file, JsonNode root, String key, boolean usual)
      throws IOException {
    JsonNode value = root.path(key);
    if (!value.isBoolean() && !value.isMissingNode() && !value.isNull()) {
      throw refuse(file, key, value, "true or false");
    }
    return value.asBoolean(usual);
  }

  private static double number(Bytes file, String key, JsonNode value, double usual)
      throws IOException {
    if (value.isMissingNode() || value.isNull()) {
      return usual;
    }
    if (!value.isNumber()) {
      throw refuse(file, key, value, "a number");
    }
    return value.asDouble();
  }

  /** A number for each channel, or one for all. */
  private static double[] channels(Bytes file, JsonNode root, String key) throws IOException {
    JsonNode value = root.path(key);
    double[] numbers = new double[CHANNELS];
    if (value.isArray() && value.size() != CHANNELS) {
      throw refuse(file, key, value, "3 numbers");
    }
    for (int channel = 0; channel < CHANNELS; channel++) {
      numbers[channel] = number(file, key, value.isArray() ? value.get(channel) : value, 0.5);
    }
    return numbers;
  }

  private static CorruptCheckpointException refuse(
      Bytes file, String key, JsonNode found, String expected) {
    return CorruptCheckpointException.at(
        file.name(), 0, "%s is %s, expected %s".formatted(key, StrictJson.brief(found), expected));
  }
}
