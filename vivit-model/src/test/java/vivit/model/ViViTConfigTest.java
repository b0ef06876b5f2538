package vivit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.model.shape.ClipShape;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedEncoder;

class ViViTConfigTest {

  private static final ClipShape CLIP = new ClipShape(32, 224, 224);

  private static ViViTConfig config(int width, int heads, double rate, List<Head> classifiers) {
    return new ViViTConfig(
        CLIP,
        new Tubelet(2, 16, 16),
        width,
        heads,
        4 * width,
        new FactorisedEncoder(12, 4),
        Readout.TOKEN,
        rate,
        classifiers);
  }

  private static ViViTConfig sampled(int frames, int sampledFrames) {
    return new ViViTConfig(
        new ClipShape(frames, 16, 16),
        new Tubelet(1, 16, 16),
        8,
        2,
        8,
        new AveragePool(1),
        Readout.MEAN,
        0,
        List.of(new Head("classes", 2)),
        sampledFrames,
        0);
  }

  @Test
  void theGridDropsWhatFillsNoTubelet() {
    assertThat(new ClipShape(7, 9, 13).grid(new Tubelet(2, 4, 4)))
        .isEqualTo(new TokenGrid(3, 2, 3));
    assertThat(config(768, 12, 0, List.of(new Head("classes", 400))).grid().tokens())
        .isEqualTo(3136);
    assertThat(new Tubelet(2, 16, 16).values()).isEqualTo(1536);
  }

  @Test
  void refusesMoreTokensThanAnIntCounts() {
    Tubelet tubelet = new Tubelet(2, 16, 16);
    assertThatThrownBy(() -> new ClipShape(65536, 65536, 65536).grid(tubelet))
        .hasMessageContaining("32768x4096x4096 (time x height x width) has more than 2147483647");
    assertThat(new TokenGrid(Integer.MAX_VALUE, 1, 1).tokens()).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(() -> new Tubelet(1024, 4096, 4096))
        .hasMessageContaining("has more than 2147483647 numbers; use a smaller one");
  }

  @Test
  void sampledFramesAreThoseOfTheReference() {
    assertThat(sampled(32, 8).sampledFrameIndices()).containsExactly(4, 7, 11, 14, 18, 21, 25, 28);
    assertThat(sampled(32, 16).sampledFrameIndices())
        .containsExactly(2, 4, 6, 8, 9, 11, 13, 15, 17, 19, 21, 23, 24, 26, 28, 30);
    assertThat(sampled(13, 11).sampledFrameIndices().get(5)).isEqualTo(6);
    assertThat(sampled(3, 3).sampledFrameIndices()).containsExactly(0, 1, 2);
    assertThat(sampled(3, 5)).isEqualTo(sampled(3, 3));
    assertThat(sampled(32, 8).grid()).isEqualTo(new TokenGrid(8, 1, 1));
    assertThat(sampled(32, 0).sampledFrameIndices()).isEmpty();
  }

  @Test
  void refusesNonsenseAndSaysWhy() {
    List<Head> head = List.of(new Head("classes", 400));
    assertThatThrownBy(() -> config(768, 7, 0, head))
        .hasMessage(
            "Impossible model: 7 attention heads do not divide width 768; choose a divisor");
    assertThatThrownBy(() -> config(768, 0, 0, head)).hasMessageContaining("0 attention heads");
    assertThatThrownBy(() -> config(768, 12, 1, head))
        .hasMessage("Impossible model: drop-path rate is 1.0; it must be in [0, 1)");
    assertThatThrownBy(() -> config(768, 12, Double.NaN, head)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> config(768, 12, 0, List.of())).hasMessageContaining("no head");
    assertThatThrownBy(() -> config(768, 12, 0, List.of(new Head("noun", 3), new Head("noun", 2))))
        .hasMessage("Impossible model: two heads are called 'noun'");
    assertThatThrownBy(() -> new Head("Noun!", 3)).hasMessageContaining("'Noun!' must match");
    assertThatThrownBy(() -> new Head("noun", 1)).hasMessageContaining("1 classes");
    assertThatThrownBy(() -> new FactorisedEncoder(12, 0))
        .hasMessage("The temporal encoder has 0 layers; it needs at least 1");
    assertThatThrownBy(() -> new ClipShape(1, 224, 224).grid(new Tubelet(2, 16, 16)))
        .hasMessageContaining("Clip 1x224x224 is smaller than one tubelet 2x16x16");
    assertThatThrownBy(() -> new Tubelet(0, 16, 16)).hasMessageContaining("0x16x16");
    assertThatThrownBy(() -> new ClipShape(2, 0, 16)).hasMessageContaining("2x0x16");
    assertThatThrownBy(() -> new TokenGrid(2, 1, 0)).hasMessageContaining("2x1x0");
  }
}
