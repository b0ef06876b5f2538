package vivit.spark.demo;

/** A class of motions. They come in pairs, of which one is the other played backwards. */
public enum ObjectMotion {
  LEFT(Axis.ACROSS, true),
  RIGHT(Axis.ACROSS, false),
  UP(Axis.DOWNWARDS, true),
  DOWN(Axis.DOWNWARDS, false),
  SHRINK(Axis.SIZE, true),
  GROW(Axis.SIZE, false);

  private final Axis axis;
  private final boolean backwards;

  /** What changes. */
  enum Axis {
    ACROSS,
    DOWNWARDS,
    SIZE
  }

  ObjectMotion(Axis axis, boolean backwards) {
    this.axis = axis;
    this.backwards = backwards;
  }

  Axis axis() {
    return axis;
  }

  /** Whether it is drawn as its opposite and then played backwards. */
  boolean backwards() {
    return backwards;
  }
}
