package vivit.model.initialise;

import java.util.Arrays;
import java.util.Optional;
import vivit.model.checkpoint.TensorEntry;

/** Origin of a parameter's initial values. */
public sealed interface Origin {

  /** The tensor of the file that the values are made from. */
  default Optional<TensorEntry> tensor() {
    return Optional.empty();
  }

  /** The origin in words. */
  String description();

  /**
   * Computes the values, row-major.
   *
   * @param restored numbers of {@link #tensor}, row-major; empty without one
   * @param own present values of the parameter, row-major
   */
  float[] values(float[] restored, float[] own);

  /** A copy of the tensor. */
  record Copied(TensorEntry entry) implements Origin {
    @Override
    public Optional<TensorEntry> tensor() {
      return Optional.of(entry);
    }

    @Override
    public String description() {
      return entry.name();
    }

    @Override
    public float[] values(float[] restored, float[] own) {
      return restored;
    }
  }

  /** An image kernel, inflated to frames. */
  record Inflated(TensorEntry entry, KernelInflation method, int frames) implements Origin {
    @Override
    public Optional<TensorEntry> tensor() {
      return Optional.of(entry);
    }

    @Override
    public String description() {
      String how =
          switch (method) {
            case CENTRAL_FRAME -> "frame %d of %d, counted from 0".formatted(frames / 2, frames);
            case AVERAGE -> "each of %d frames, divided by %<d".formatted(frames);
            case RANK_POOLING -> "%d frames by approximate rank pooling".formatted(frames);
          };
      return shaped(entry) + ", " + how;
    }

    @Override
    public float[] values(float[] restored, float[] own) {
      return method.inflate(restored, frames);
    }
  }

  /** Origin of the learned token's row in a position table. */
  enum TokenRow {
    /** Row 0 of the file. */
    RESTORED("row 0 as in the file"),
    /** The model's random values, as the file has no such row. */
    OWN("row 0 as it was drawn"),
    /** The file's row is unused, as the model has no such token. */
    DROPPED("without the file's row 0"),
    /** Neither file nor model has such a row. */
    ABSENT("");

    private final String description;

    TokenRow(String description) {
      this.description = description;
    }

    boolean inFile() {
      return this == RESTORED || this == DROPPED;
    }

    boolean inModel() {
      return this == RESTORED || this == OWN;
    }
  }

  /** A position table of a different length. */
  record Positions(TensorEntry entry, int width, TokenRow token, GridChange change)
      implements Origin {
    @Override
    public Optional<TensorEntry> tensor() {
      return Optional.of(entry);
    }

    @Override
    public String description() {
      StringBuilder text = new StringBuilder(shaped(entry));
      for (String part : new String[] {change.toString(), token.description}) {
        if (!part.isEmpty()) {
          text.append(", ").append(part);
        }
      }
      return text.toString();
    }

    @Override
    public float[] values(float[] restored, float[] own) {
      float[] table = new float[own.length];
      int from = token.inFile() ? width : 0;
      int to = token.inModel() ? width : 0;
      System.arraycopy(token == TokenRow.RESTORED ? restored : own, 0, table, 0, to);
      change.apply(restored, from, width, table, to);
      return table;
    }
  }

  /** Columns of a projection that several heads share. */
  record HeadColumns(TensorEntry entry, int first, int columns) implements Origin {
    @Override
    public Optional<TensorEntry> tensor() {
      return Optional.of(entry);
    }

    @Override
    public String description() {
      return "%s, columns %d to %d".formatted(shaped(entry), first, first + columns - 1);
    }

    @Override
    public float[] values(float[] restored, float[] own) {
      long[] shape = entry.shape();
      int all = (int) shape[shape.length - 1];
      float[] values = new float[own.length];
      for (int row = 0; row * columns < values.length; row++) {
        System.arraycopy(restored, row * all + first, values, row * columns, columns);
      }
      return values;
    }
  }

  /** Zeros. */
  record Zeroed(String reason) implements Origin {
    @Override
    public String description() {
      return "zero: " + reason;
    }

    @Override
    public float[] values(float[] restored, float[] own) {
      return new float[own.length];
    }
  }

  /** The random or conventional initial values. */
  record Kept(String reason) implements Origin {
    @Override
    public String description() {
      return "not set: " + reason;
    }

    @Override
    public float[] values(float[] restored, float[] own) {
      return own;
    }
  }

  private static String shaped(TensorEntry entry) {
    return entry.name() + " " + Arrays.toString(entry.shape());
  }
}
