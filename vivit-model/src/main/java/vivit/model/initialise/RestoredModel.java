package vivit.model.initialise;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.variant.EncoderPlan;

/**
 * The properties of the model in a checkpoint that its names and shapes determine.
 *
 * @param file its name, for messages
 * @param tensors by name, in the order of the file
 * @param mainRoot name of the encoder that reads every tubelet: {@code Transformer} or {@code
 *     SpatialTransformer}
 */
record RestoredModel(String file, Map<String, TensorEntry> tensors, String mainRoot) {

  static final String POSITIONS = "/posembed_input/pos_embedding";
  static final String KERNEL = "embedding/kernel";

  private static final Pattern BLOCK = Pattern.compile("/encoderblock_([0-9]{1,6})/");

  static RestoredModel of(TensorSource source) throws InitialisationException {
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    source.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    boolean joint = holds(tensors, EncoderPlan.JOINT);
    boolean spatial = holds(tensors, EncoderPlan.SPATIAL);
    if (joint == spatial) {
      throw new InitialisationException(
          "the model",
          source.name(),
          (joint ? "both" : "neither")
              + " of the encoders Transformer/... and SpatialTransformer/... found, expected one;"
              + " use an image ViT or a ViViT");
    }
    return new RestoredModel(
        source.name(), tensors, joint ? EncoderPlan.JOINT : EncoderPlan.SPATIAL);
  }

  private static boolean holds(Map<String, TensorEntry> tensors, String root) {
    return tensors.keySet().stream().anyMatch(name -> name.startsWith(root + "/"));
  }

  boolean hasTemporalEncoder() {
    return holds(tensors, EncoderPlan.TEMPORAL);
  }

  Optional<TensorEntry> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Number of blocks of an encoder; refuses gaps in their numbering. */
  int layers(String root) throws InitialisationException {
    Set<Integer> numbers = new TreeSet<>();
    for (String name : tensors.keySet()) {
      Matcher block = BLOCK.matcher(name);
      if (name.startsWith(root + "/") && block.find()) {
        numbers.add(Integer.parseInt(block.group(1)));
      }
    }
    int expected = 0;
    for (int number : numbers) {
      if (number != expected) {
        throw new InitialisationException(
            root,
            file,
            "encoderblock_%d found, but no encoderblock_%d; the file lacks blocks or names them"
                    .formatted(number, expected)
                + " in another way");
      }
      expected++;
    }
    return expected;
  }

  /** Whether the blocks have one attention over space and one over time (Model 3). */
  boolean factorisesAttention() {
    return tensors.keySet().stream()
        .anyMatch(name -> name.contains("/MultiHeadDotProductAttention_space/"));
  }

  /** Whether it is a video model; the kernel of an image model has four axes. */
  boolean isVideo() {
    return tensor(KERNEL).map(kernel -> kernel.shape().length == 5).orElse(false);
  }

  /**
   * Whether an encoder's position table begins with the row of a learned token.
   *
   * @param rows of the table
   */
  boolean hasTokenRow(String root, long rows, SourceReadout readout)
      throws InitialisationException {
    if (readout != SourceReadout.AUTO) {
      return readout == SourceReadout.TOKEN;
    }
    if (tensors.containsKey(EncoderPlan.token(root))) {
      return true;
    }
    boolean contradiction =
        root.equals(EncoderPlan.TEMPORAL)
            ? tensors.containsKey(EncoderPlan.token(EncoderPlan.SPATIAL))
            : !isVideo() && !isSquare(rows) && isSquare(rows - 1);
    if (contradiction) {
      throw noToken(root, rows);
    }
    return false;
  }

  /** Creates the exception for a table that seems to have a row for a token that the file lacks. */
  InitialisationException noToken(String root, long rows) {
    return new InitialisationException(
        root + POSITIONS,
        file,
        ("its %d rows seem to be %d positions and a learned token, but no tensor is called %s; say"
                + " initialise.source-readout = token or pooled, or look for a misnamed tensor")
            .formatted(rows, rows - 1, EncoderPlan.token(root)));
  }

  static boolean isSquare(long count) {
    long root = root(count);
    return count > 0 && root * root == count;
  }

  /** The largest integer whose square is at most {@code count}. */
  static int root(long count) {
    return (int) Math.floor(Math.sqrt((double) count));
  }
}
