package vivit.model.variant;

import java.util.List;

/**
 * One transformer encoder of a variant.
 *
 * @param name root of its parameters' names, such as {@code SpatialTransformer}
 * @param sequences per clip, all with the same weights
 * @param tokens of a sequence, without the learned one
 * @param layers blocks
 * @param branches the residual branches of a block, in order
 */
public record EncoderPlan(
    String name, int sequences, int tokens, int layers, List<Branch> branches) {

  /** Name of the encoder of Models 1, 3 and 4, which sees all tokens of a clip. */
  public static final String JOINT = "Transformer";

  /** Name of Model 2's encoder of one time index. */
  public static final String SPATIAL = "SpatialTransformer";

  /** Name of Model 2's encoder over time. */
  public static final String TEMPORAL = "TemporalTransformer";

  /** Four times the deepest transformer that was trained; plans of more come from wrong files. */
  private static final int MOST_LAYERS = 4096;

  /** Refuses encoders without blocks, or of more than any model has. */
  public EncoderPlan {
    branches = List.copyOf(branches);
    if (layers < 1) {
      throw new IllegalArgumentException(
          "Encoder %s has %d layers; it needs at least 1".formatted(name, layers));
    }
    if (layers > MOST_LAYERS) {
      throw new IllegalArgumentException(
          "Encoder %s has %d layers; it may have at most %d".formatted(name, layers, MOST_LAYERS));
    }
  }

  /** Name of an encoder's learned token. */
  public static String token(String encoder) {
    return encoder.equals(JOINT) ? "cls" : "cls_" + encoder;
  }

  /** Name of this encoder's learned token; it exists only if the read-out has one. */
  public String token() {
    return token(name);
  }

  /** Name of a block, the root of its parameters' names. */
  public String block(int layer) {
    return name + "/encoderblock_" + layer;
  }

  /**
   * Name of a residual branch's result: the block for its last branch, otherwise the block and
   * {@code after_attention}, {@code after_space} or {@code after_time}.
   *
   * @param branch counted through all blocks
   */
  public String resultOf(int branch) {
    String block = block(branch / branches.size());
    return branches.get(branch % branches.size()) instanceof Attention attention
        ? block + "/after_" + attention.axis()
        : block;
  }

  /** A residual branch: layer norm, then attention or MLP, added to its input. */
  public sealed interface Branch permits Attention, Mlp {
    /** The layer norm's name within the block. */
    String norm();

    /** The attention's or MLP's name within the block. */
    String module();
  }

  /**
   * Multi-head attention.
   *
   * @param views which tokens attend to which; together they cover every head once
   */
  public record Attention(String norm, String module, List<AttentionView> views) implements Branch {
    /** Copies the views. */
    public Attention {
      views = List.copyOf(views);
    }

    /** {@code space} or {@code time} if a block has both, otherwise {@code attention}. */
    String axis() {
      String last = module.substring(module.lastIndexOf('_') + 1);
      return last.equals("0") ? "attention" : last;
    }
  }

  /** Two dense layers with a GELU between them. */
  public record Mlp(String norm, String module) implements Branch {}

  /** The block of Models 1, 2 and 4: one attention, one MLP. */
  static List<Branch> standardBlock(AttentionView... views) {
    return List.of(
        new Attention("LayerNorm_0", "MultiHeadDotProductAttention_0", List.of(views)),
        new Mlp("LayerNorm_1", "MlpBlock_0"));
  }
}
