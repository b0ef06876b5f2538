package vivit.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import vivit.model.shape.ClipShape;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;
import vivit.model.variant.EncoderPlan;
import vivit.model.variant.Variant;

/**
 * The settings that determine the shapes and arithmetic of a ViViT.
 *
 * @param clip size of the input clip
 * @param tubelet the block of pixels that becomes one token
 * @param width d of a token
 * @param attentionHeads heads h of every attention; must divide {@code width}
 * @param mlpWidth hidden width m of the MLP
 * @param variant arrangement of attention over space and time
 * @param readout reduction of an encoder's output to one vector
 * @param dropPathRate highest drop probability of stochastic depth, in [0, 1)
 * @param heads classifiers, in the order of their logits
 * @param sampledFrames 0 for tubelets; otherwise uniform frame sampling (paper section 3.2): this
 *     many frames of the clip become tokens, or all frames of a shorter clip, and {@code
 *     tubelet.frames()} is 1
 * @param representationSize 0 for none; otherwise the width of a dense layer with tanh between
 *     read-out and heads ({@code pre_logits})
 */
public record ViViTConfig(
    ClipShape clip,
    Tubelet tubelet,
    int width,
    int attentionHeads,
    int mlpWidth,
    Variant variant,
    Readout readout,
    double dropPathRate,
    List<Head> heads,
    int sampledFrames,
    int representationSize) {

  private static final int MOST_HEADS = 256;
  private static final int MOST_CLASSES = 1_000_000;

  /**
   * Refuses sizes that contradict each other, or that no model has.
   *
   * @throws IllegalArgumentException naming them
   */
  public ViViTConfig {
    require(width >= 1, "width is " + width + "; it must be at least 1");
    require(
        attentionHeads >= 1 && width % attentionHeads == 0,
        attentionHeads + " attention heads do not divide width " + width + "; choose a divisor");
    require(mlpWidth >= 1, "MLP width is " + mlpWidth + "; it must be at least 1");
    require(
        dropPathRate >= 0 && dropPathRate < 1,
        "drop-path rate is " + dropPathRate + "; it must be in [0, 1)");
    heads = List.copyOf(heads);
    require(!heads.isEmpty(), "there is no head; a classifier needs at least one");
    require(
        heads.size() <= MOST_HEADS,
        "there are " + heads.size() + " heads; there may be at most " + MOST_HEADS);
    long classes = heads.stream().mapToLong(Head::classes).sum();
    require(
        classes <= MOST_CLASSES,
        "the heads have " + classes + " classes; there may be at most " + MOST_CLASSES);
    Set<String> names = new HashSet<>();
    for (Head head : heads) {
      require(names.add(head.name()), "two heads are called '" + head.name() + "'");
    }
    require(
        sampledFrames >= 0,
        "the number of sampled frames is " + sampledFrames + "; use 0 for tubelets");
    require(
        sampledFrames == 0 || tubelet.frames() == 1,
        "uniform frame sampling needs tubelets of 1 frame, not " + tubelet.frames());
    sampledFrames = Math.min(sampledFrames, clip.frames());
    require(
        representationSize >= 0,
        "the representation's width is " + representationSize + "; use 0 for none");
    clip.grid(tubelet);
    variant.check(readout.extraTokens(), attentionHeads);
    variant.encoders(clip.grid(tubelet), readout.extraTokens(), attentionHeads);
  }

  /** Creates a model on tubelets, without a dense layer before the heads. */
  public ViViTConfig(
      ClipShape clip,
      Tubelet tubelet,
      int width,
      int attentionHeads,
      int mlpWidth,
      Variant variant,
      Readout readout,
      double dropPathRate,
      List<Head> heads) {
    this(
        clip,
        tubelet,
        width,
        attentionHeads,
        mlpWidth,
        variant,
        readout,
        dropPathRate,
        heads,
        0,
        0);
  }

  /** The encoders of the variant, in order. */
  public List<EncoderPlan> encoders() {
    return variant.encoders(grid(), readout.extraTokens(), attentionHeads);
  }

  /** Width of the vector that the heads read. */
  public int representation() {
    return representationSize > 0 ? representationSize : width;
  }

  /** Tokens of one clip along time, height and width. */
  public TokenGrid grid() {
    TokenGrid grid = clip.grid(tubelet);
    return sampledFrames == 0 ? grid : new TokenGrid(sampledFrames, grid.height(), grid.width());
  }

  /**
   * Indices of the frames that become tokens under uniform frame sampling: {@code round(k T / (n +
   * 1))} for {@code k = 1..n}, halves to even; all frames when {@code n = T}. Empty for tubelets.
   *
   * <p>The original code builds the list with a float32 range and sometimes yields one frame too
   * many; this formula does not.
   */
  public List<Integer> sampledFrameIndices() {
    IntStream ks = IntStream.rangeClosed(1, sampledFrames);
    if (sampledFrames == clip.frames()) {
      return ks.mapToObj(k -> k - 1).toList();
    }
    return ks.mapToObj(
            k -> {
              long frame = (long) Math.rint(((double) k * clip.frames()) / (sampledFrames + 1.0));
              return (int) Math.min(frame, clip.frames() - 1L);
            })
        .toList();
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("Impossible model: " + problem);
    }
  }
}
