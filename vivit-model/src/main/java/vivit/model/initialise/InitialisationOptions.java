package vivit.model.initialise;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a checkpoint becomes a model's initial parameters; reference section 3.1.
 *
 * @param kernel how an image kernel gets its frames
 * @param positions how a position table changes its length
 * @param unsoundPositions what to do where that makes no sense for the grid of tokens
 * @param sourceReadout whether the file's position table begins with a learned token's row
 * @param temporalAttention where a Model 3's temporal attention comes from, when the file's blocks
 *     have one attention only
 * @param restored what is taken over from the file, apart from blocks and norms, which always are
 */
public record InitialisationOptions(
    KernelInflation kernel,
    PositionChange positions,
    UnsoundPositions unsoundPositions,
    SourceReadout sourceReadout,
    TemporalAttention temporalAttention,
    Set<Part> restored) {

  /** How a table of positions of one length becomes one of another; reference section 3.3. */
  public enum PositionChange {
    /** The file's grid is repeated along time. */
    TILE,
    /** The file's grid, a square, is resized bilinearly, corners on corners. */
    RESIZE,
    /** Resized to the tokens of one time index, then repeated along time. */
    RESIZE_TILE
  }

  /** What to do where tiles or a resized map would not stand over the tokens they are for. */
  public enum UnsoundPositions {
    /** Refuse, and say what would be sound. */
    REFUSE,
    /**
     * Do what the original code does: count tokens only. {@code RESIZE} makes one square map of all
     * tokens of a clip, and {@code TILE} repeats a grid of any size, where the numbers happen to
     * allow it.
     */
    ALLOW
  }

  /** The read-out of the model in the file; the temporal positions of Model 2 are as its others. */
  public enum SourceReadout {
    /** As the file's tensors tell. */
    AUTO,
    /** A learned token: row 0 of every position table is its own. */
    TOKEN,
    /** Any other. */
    POOLED
  }

  /**
   * Where a Model 3's temporal attention comes from. Its layer norm always keeps scale 1 and bias
   * 0, as in the original code, whose switch for it only writes a message.
   */
  public enum TemporalAttention {
    /** From the image's attention, as the spatial one; the original code's default. */
    COPY,
    /** Stays as it was drawn. */
    RANDOM,
    /**
     * All zeros, paper section 3.4: the model starts as the image model. Only the output's bias
     * ever gets a gradient, so this attention never learns; reference section 3.4.
     */
    ZERO,
    /**
     * Query, key and value from the image's attention, the output zero: starts as the image model
     * too, and learns.
     */
    ZERO_OUTPUT
  }

  /** What can be left as it was drawn. */
  public enum Part {
    /** The tubelet embedding's kernel and bias. */
    EMBEDDING,
    /** All position tables. */
    POSITIONS,
    /** A Model 3's spatial attention, when the file's blocks have one attention only. */
    SPATIAL_ATTENTION,
    /** The classifiers; sensible only for the same classes in the same order. */
    HEAD
  }

  /** Copies the set. */
  public InitialisationOptions {
    restored = Set.copyOf(restored);
  }

  /** What the published models did. */
  public static InitialisationOptions defaults() {
    return new InitialisationOptions(
        KernelInflation.CENTRAL_FRAME,
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        SourceReadout.AUTO,
        TemporalAttention.COPY,
        EnumSet.complementOf(EnumSet.of(Part.HEAD)));
  }

  boolean restores(Part part) {
    return restored.contains(part);
  }
}
