package vivit.model.initialise;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.Set;

/**
 * Options for making a model's initial parameters from a checkpoint; docs/vivit.md, 4.1.
 *
 * @param kernel inflation of an image kernel to frames
 * @param positions change of a position table to another length
 * @param unsoundPositions treatment of changes that do not fit the grid of tokens
 * @param sourceReadout whether the file's position tables begin with the row of a learned token
 * @param temporalAttention origin of a Model 3's temporal attention, if the file's blocks have one
 *     attention only
 * @param restored parts taken from the file in addition to blocks and norms, which always are
 */
public record InitialisationOptions(
    KernelInflation kernel,
    PositionChange positions,
    UnsoundPositions unsoundPositions,
    SourceReadout sourceReadout,
    TemporalAttention temporalAttention,
    Set<ModelPart> restored)
    implements Serializable {

  /** Conversion of a position table to another length; docs/vivit.md, 4.3. */
  public enum PositionChange {
    /** Repeat the file's grid along time. */
    TILE,
    /** Resize the file's grid, a square, bilinearly, mapping corners to corners. */
    RESIZE,
    /** Resize to the tokens of one time index, then repeat along time. */
    RESIZE_TILE
  }

  /** Treatment of tiles or a resized map that do not line up with the grid of tokens. */
  public enum UnsoundPositions {
    /** Refuse, and suggest a sound choice. */
    REFUSE,
    /**
     * Count tokens only, as the original code does: {@code RESIZE} makes one square map of all
     * tokens of a clip, and {@code TILE} repeats a grid of any size, if the counts allow it.
     */
    ALLOW
  }

  /** The read-out of the model in the file; it determines the rows of all its position tables. */
  public enum SourceReadout {
    /** Inferred from the file's tensors. */
    AUTO,
    /** A learned token, with row 0 of every position table. */
    TOKEN,
    /** Any other read-out. */
    POOLED
  }

  /**
   * Origin of a Model 3's temporal attention. Its layer norm always keeps scale 1 and bias 0, as in
   * the original code, whose switch for it only writes a message.
   */
  public enum TemporalAttention {
    /** A copy of the image's attention, like the spatial one; the original code's default. */
    COPY,
    /** Random initial values. */
    RANDOM,
    /**
     * All zeros, paper section 3.4: the model starts as the image model. Only the bias of the
     * output receives a gradient, so this attention never learns; docs/vivit.md, 4.4.
     */
    ZERO,
    /**
     * Query, key and value of the image's attention, the output zero: the model starts as the image
     * model, and learns.
     */
    ZERO_OUTPUT
  }

  /** Parts that may keep their random initial values. */
  public enum ModelPart {
    /** The tubelet embedding's kernel and bias. */
    EMBEDDING,
    /** All position tables. */
    POSITIONS,
    /** A Model 3's spatial attention, if the file's blocks have one attention only. */
    SPATIAL_ATTENTION,
    /** The classifiers, which need the same classes in the same order. */
    HEAD
  }

  /** Copies the set. */
  public InitialisationOptions {
    restored = Set.copyOf(restored);
  }

  /** The options of the published models. */
  public static InitialisationOptions defaults() {
    return new InitialisationOptions(
        KernelInflation.CENTRAL_FRAME,
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        SourceReadout.AUTO,
        TemporalAttention.COPY,
        EnumSet.complementOf(EnumSet.of(ModelPart.HEAD)));
  }

  boolean restores(ModelPart part) {
    return restored.contains(part);
  }
}
