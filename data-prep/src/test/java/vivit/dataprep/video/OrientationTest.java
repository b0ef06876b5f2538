package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.FrameSize;

class OrientationTest {
  private static final int ONE = 1 << 16;

  /** Turns a frame of 2 x 3 pixels, numbered from 0, and gives the numbers as shown. */
  private static String shown(int a, int b, int c, int d) {
    byte[] stored = new byte[18];
    for (int i = 0; i < 18; i++) {
      stored[i] = (byte) (i / 3);
    }
    Orientation orientation = Orientation.of(a, b, c, d);
    byte[] shown = new byte[18];
    orientation.turn(stored, new FrameSize(2, 3), shown);
    FrameSize size = orientation.turned(new FrameSize(2, 3));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append(i > 0 && i % size.width() == 0 ? "/" : "").append(shown[i * 3]);
      assertThat(shown[i * 3 + 2]).isEqualTo(shown[i * 3]);
    }
    return text.toString();
  }

  @Test
  void quarterTurnsAndMirrorings() {
    assertThat(shown(ONE, 0, 0, ONE)).isEqualTo("012/345");
    assertThat(shown(0, ONE, -ONE, 0)).isEqualTo("30/41/52"); // clockwise
    assertThat(shown(-ONE, 0, 0, -ONE)).isEqualTo("543/210");
    assertThat(shown(0, -ONE, ONE, 0)).isEqualTo("25/14/03"); // counter-clockwise
    assertThat(shown(-ONE, 0, 0, ONE)).isEqualTo("210/543");
    assertThat(shown(ONE, 0, 0, -ONE)).isEqualTo("345/012");
    assertThat(shown(0, ONE, ONE, 0)).isEqualTo("03/14/25");
  }

  @Test
  void otherTurnsAreNotMade() {
    assertThat(Orientation.of(ONE, ONE, -ONE, ONE)).isEqualTo(Orientation.UPRIGHT);
    assertThat(Orientation.of(0, 0, 0, 0)).isEqualTo(Orientation.UPRIGHT);
  }
}
