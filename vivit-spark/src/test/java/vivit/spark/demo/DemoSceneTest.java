package vivit.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemoSceneTest {
  private static List<DemoScene> scenes(EventOrder order) {
    return IntStream.range(0, 200).mapToObj(seed -> DemoScene.draw(order, seed)).toList();
  }

  @Test
  void everyTubeletShowsOneEventInBothItsFramesAndNoOther() {
    for (EventOrder order : EventOrder.ALL) {
      for (DemoScene scene : scenes(order)) {
        for (int place = 0; place < 4; place++) {
          int tubelet = place;
          for (double moment : new double[] {tubelet, tubelet + 0.5}) {
            assertThat(scene.events().stream().filter(event -> event.visible(moment)))
                .containsExactly(scene.events().get(place));
          }
        }
      }
    }
  }

  @Test
  void everyPlaceInTheOrderLiesAlikeAcrossTheTubelets() {
    for (DemoScene scene : scenes(EventOrder.ALL.get(1))) {
      for (int place = 0; place < 4; place++) {
        DemoEvent event = scene.events().get(place);
        assertThat(event.start()).isEqualTo(place);
        assertThat(event.end() - place)
            .isBetween(DemoEvent.LEAST_SECONDS - 1e-9, DemoEvent.MOST_SECONDS + 1e-9);
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
        int last = first.frames() - 1; // shows no event
        assertThat(other.frame(last)).isEqualTo(first.frame(last));
      }
    }
  }

  @Test
  void everyFrameShowsAtMostOneEventAndEveryEventIsSeen() {
    DemoScene scene = DemoScene.draw(EventOrder.ALL.get(0), 3);
    byte[] nothing = scene.frame(scene.frames() - 1);
    for (DemoEvent event : scene.events()) {
      int frame = (int) Math.ceil(event.start() * scene.framesPerSecond());
      long changed = distance(scene.frame(frame), nothing);
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
