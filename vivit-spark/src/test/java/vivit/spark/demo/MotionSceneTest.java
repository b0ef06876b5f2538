package vivit.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MotionSceneTest {
  private static final int SCENES = 12;
  private static final List<ObjectMotion> MOTIONS = List.of(ObjectMotion.values());

  private static MotionScene scene(ObjectMotion motion, long seed) {
    return (MotionScene) DemoTask.MOTION.scene(MOTIONS.indexOf(motion), seed);
  }

  private static byte[][] frames(VideoScene scene) {
    return IntStream.range(0, scene.frames()).mapToObj(scene::frame).toArray(byte[][]::new);
  }

  /** So neither a frame nor an average of frames, nor any set of them, tells the two apart. */
  @ParameterizedTest
  @CsvSource({"LEFT, RIGHT", "UP, DOWN", "SHRINK, GROW"})
  void oppositeMotionsHaveTheSameFramesInReversedOrder(ObjectMotion one, ObjectMotion other) {
    for (int seed = 0; seed < SCENES; seed++) {
      byte[][] backwards = frames(scene(one, seed));
      byte[][] forwards = frames(scene(other, seed));
      assertThat(backwards[0]).isNotEqualTo(forwards[0]);
      Collections.reverse(Arrays.asList(backwards));
      assertThat(backwards).isDeepEqualTo(forwards);
    }
  }

  /** Measured in the pixels: where the frames differ from the scene's background alone. */
  @ParameterizedTest
  @EnumSource(ObjectMotion.class)
  void theObjectMovesAsItsClassSays(ObjectMotion motion) {
    for (int seed = 0; seed < SCENES; seed++) {
      MotionScene scene = alone(scene(motion, seed));
      double[] first = middleAndArea(scene, 0);
      double[] last = middleAndArea(scene, scene.frames() - 1);
      double across = last[0] - first[0];
      double down = last[1] - first[1];
      double growth = Math.log(last[2] / first[2]);
      switch (motion) {
        case LEFT -> assertThat(across).isLessThan(-0.3);
        case RIGHT -> assertThat(across).isGreaterThan(0.3);
        case UP -> assertThat(down).isLessThan(-0.3);
        case DOWN -> assertThat(down).isGreaterThan(0.3);
        case SHRINK -> assertThat(growth).isLessThan(-1);
        default -> assertThat(growth).isGreaterThan(1);
      }
    }
  }

  /** The scene without noise, texture and distractor, on black. */
  private static MotionScene alone(MotionScene scene) {
    MotionScene.Distractor far =
        new MotionScene.Distractor(
            EventKind.DISC, -9, -9, 0, new double[2], 0.01, false, new double[3]);
    MotionScene.MovingObject object = scene.object();
    return new MotionScene(
        scene.motion(),
        EventKind.DISC,
        scene.height(),
        scene.width(),
        scene.framesPerSecond(),
        scene.frames(),
        new MotionScene.MovingObject(
            0.5, // so that nothing is cut off at the edge
            0.5,
            object.travel(),
            object.driftX(),
            object.driftY(),
            0.1,
            new double[] {255, 255, 255}),
        far,
        new MotionScene.Background(new double[3], 0, 0, 0, 0),
        0,
        0);
  }

  /** Centre of the bright pixels, as shares of width and height, and their number. */
  private static double[] middleAndArea(MotionScene scene, int frame) {
    byte[] pixels = scene.frame(frame);
    double x = 0;
    double y = 0;
    int count = 0;
    for (int i = 0; i < pixels.length; i += 3) {
      if ((pixels[i] & 255) > 128) {
        x += (Math.floorMod(i / 3, scene.width()) + 0.5) / scene.width();
        y += (Math.floorDiv(i / 3, scene.width()) + 0.5) / scene.height();
        count++;
      }
    }
    assertThat(count).isPositive();
    return new double[] {x / count, y / count, count};
  }

  @Test
  void aSceneIsAFunctionOfClassAndSeed() {
    for (DemoTask task : DemoTask.values()) {
      VideoScene scene = task.scene(1, 77);
      assertThat(frames(task.scene(1, 77))).isDeepEqualTo(frames(scene));
      assertThat(task.scene(1, 78).frame(0)).isNotEqualTo(scene.frame(0));
    }
  }

  @Test
  void theClassDecidesTheMotionAndNothingElse() {
    for (int seed = 0; seed < SCENES; seed++) {
      MotionScene first = scene(ObjectMotion.LEFT, seed);
      for (ObjectMotion motion : ObjectMotion.values()) {
        MotionScene other = scene(motion, seed);
        assertThat(other.motion()).isEqualTo(motion);
        assertThat(other).usingRecursiveComparison().ignoringFields("motion").isEqualTo(first);
      }
    }
  }

  @Test
  void theShapeIsTheClassOfTheOtherTaskAndTheMotionIsAny() {
    int[] motions = new int[MOTIONS.size()];
    for (int seed = 0; seed < 600; seed++) {
      MotionScene scene = (MotionScene) DemoTask.SHAPE.scene(2, seed);
      assertThat(scene.kind()).isEqualTo(EventKind.TRIANGLE);
      motions[MOTIONS.indexOf(scene.motion())]++;
    }
    for (int count : motions) {
      assertThat(count).isCloseTo(100, within(40)); // four standard deviations
    }
    assertThat(DemoTask.SHAPE.labels()).containsExactly("disc", "square", "triangle", "cross");
  }

  @Test
  void shapesOfAMotionAreAny() {
    List<EventKind> shapes =
        IntStream.range(0, 400).mapToObj(seed -> scene(ObjectMotion.UP, seed).kind()).toList();
    for (EventKind kind : EventKind.values()) {
      assertThat(Collections.frequency(shapes, kind)).isCloseTo(100, within(40));
    }
  }

  @Test
  void lengthsSizesAndRatesAreThoseThatAClipNeeds() {
    for (int seed = 0; seed < 300; seed++) {
      MotionScene scene = scene(ObjectMotion.GROW, seed);
      double seconds = (double) scene.frames() / scene.framesPerSecond();
      assertThat(seconds).isBetween(1.6, 3.0 + 1.0 / scene.framesPerSecond());
      assertThat(scene.height() % 2 + scene.width() % 2).isZero();
      assertThat(Math.min(scene.height(), scene.width())).isGreaterThanOrEqualTo(72);
    }
  }
}
