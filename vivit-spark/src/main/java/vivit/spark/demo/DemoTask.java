package vivit.spark.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** What the classes of generated videos differ in. */
public enum DemoTask {
  /** The order of four events, {@link EventOrder}. */
  ORDER,
  /** The motion of an object, {@link ObjectMotion}; its shape says nothing. */
  MOTION,
  /**
   * The shape of an object, {@link EventKind}; its motion says nothing, and one frame is enough.
   */
  SHAPE;

  /** Names of the classes; a class id is an index into this list. */
  public List<String> labels() {
    return switch (this) {
      case ORDER -> EventOrder.ALL.stream().map(EventOrder::label).toList();
      case MOTION -> names(ObjectMotion.values());
      case SHAPE -> names(EventKind.values());
    };
  }

  /** What distinguishes the classes, for people. */
  public String difference() {
    return switch (this) {
      case ORDER -> "each another order of the same 4 events";
      case MOTION -> "each another motion of an object of any shape";
      case SHAPE -> "each another shape of an object that moves in any way";
    };
  }

  /**
   * Draws a video; with the same seed, another class gives the same video but for what
   * distinguishes the classes.
   */
  VideoScene scene(int label, long seed) {
    int other = new SplittableRandom(~seed).nextInt(1 << 20); // what does not matter here
    return switch (this) {
      case ORDER -> DemoScene.draw(EventOrder.ALL.get(label), seed);
      case MOTION ->
          MotionScene.draw(ObjectMotion.values()[label], any(EventKind.values(), other), seed);
      case SHAPE ->
          MotionScene.draw(any(ObjectMotion.values(), other), EventKind.values()[label], seed);
    };
  }

  private static <E> E any(E[] values, int number) {
    return values[number % values.length];
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }
}
