package vivit.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemoSceneTest {
  /** Two frames of a tubelet at 4 frames per second, and one frame of the slowest source. */
  private static final double LONGEST_TUBELET_SECONDS = 1 / 4.0 + 1 / 30.0;

  private static List<DemoScene> scenes(EventOrder order) {
    return IntStream.range(0, 200).mapToObj(seed -> DemoScene.draw(order, seed)).toList();
  }

  @Test
  void noTubeletHoldsTwoEvents() {
    for (DemoScene scene : scenes(EventOrder.ALL.get(0))) {
      assertThat(scene.events().get(0).start()).isGreaterThanOrEqualTo(DemoScene.MARGIN_SECONDS);
      for (int i = 1; i < 4; i++) {
        double gap = scene.events().get(i).start() - scene.events().get(i - 1).end();
        assertThat(gap).isGreaterThanOrEqualTo(DemoScene.GAP_SECONDS - 1e-9);
      }
      assertThat(scene.events().get(3).end())
          .isLessThanOrEqualTo(DemoScene.SECONDS - DemoScene.MARGIN_SECONDS);
    }
    assertThat(DemoScene.GAP_SECONDS).isGreaterThan(LONGEST_TUBELET_SECONDS);
  }

  @Test
  void everyPlaceInTheOrderLiesAlikeAcrossTheTubelets() {
    double tubeletSeconds = 2 / 4.0;
    assertThat(DemoScene.SLOT_SECONDS % tubeletSeconds).isZero();
    for (EventOrder order : EventOrder.ALL) {
      for (DemoScene scene : scenes(order)) {
        for (int place = 0; place < 4; place++) {
          double slotStart = DemoScene.MARGIN_SECONDS + place * DemoScene.SLOT_SECONDS;
          DemoEvent event = scene.events().get(place);
          assertThat(event.start()).isGreaterThanOrEqualTo(slotStart);
          assertThat(event.end())
              .isLessThanOrEqualTo(slotStart + DemoScene.SLOT_SECONDS - DemoScene.GAP_SECONDS);
        }
      }
    }
  }

  @Test
  void everyEventIsSeenAtTheSamplingRate() {
    for (DemoScene scene : scenes(EventOrder.ALL.get(1))) {
      for (DemoEvent event : scene.events()) {
        assertThat(IntStream.range(0, 20).filter(i -> event.visible(i / 4.0)).count()).isPositive();
      }
    }
  }

  @Test
  void allVideosLastTheSameTime() {
    for (DemoScene scene : scenes(EventOrder.ALL.get(2))) {
      assertThat((double) scene.frames() / scene.framesPerSecond()).isEqualTo(DemoScene.SECONDS);
      assertThat(scene.height() % 2 + scene.width() % 2).isZero();
    }
  }

  @Test
  void theClassDecidesTheOrderAndNothingElse() {
    for (int seed = 0; seed < 20; seed++) {
      DemoScene first = DemoScene.draw(EventOrder.ALL.get(0), seed);
      for (EventOrder order : EventOrder.ALL) {
        DemoScene other = DemoScene.draw(order, seed);
        assertThat(other.events().stream().map(DemoEvent::kind).toList()).isEqualTo(order.events());
        assertThat(nuisances(other)).isEqualTo(nuisances(first));
        assertThat(other.frame(0)).isEqualTo(first.frame(0));
      }
    }
  }

  @Test
  void everyFrameShowsAtMostOneEventAndEveryEventIsSeen() {
    DemoScene scene = DemoScene.draw(EventOrder.ALL.get(0), 3);
    for (DemoEvent event : scene.events()) {
      int frame = (int) Math.ceil(event.start() * scene.framesPerSecond());
      long changed = distance(scene.frame(frame), scene.frame(0));
      assertThat(changed).as("%s in frame %d", event.kind(), frame).isGreaterThan(20);
    }
  }

  private static List<Object> nuisances(DemoScene scene) {
    List<Object> times =
        scene.events().stream()
            .map(e -> (Object) List.of(e.start(), e.end(), e.x(), e.y(), e.size()))
            .toList();
    return List.of(
        scene.height(),
        scene.width(),
        scene.framesPerSecond(),
        scene.noise(),
        scene.brightness(),
        Arrays.stream(scene.background()).boxed().toList(),
        times);
  }

  /** Pixels that differ by more than the noise can explain. */
  private static long distance(byte[] a, byte[] b) {
    return IntStream.range(0, a.length)
        .filter(i -> Math.abs((a[i] & 255) - (b[i] & 255)) > 50)
        .count();
  }
}
