package vivit.dataprep.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void showsWhatCannotBeSeen() {
    assertThat(Visible.text("a\nb\tc\u0000\u202e\u2066\ufeffd"))
        .isEqualTo("a\\nb\\tc\\u0000\\u202e\\u2066\\ufeffd");
    assertThat(Visible.text("half \ud83d")).isEqualTo("half \\ud83d");
    assertThat(Visible.text("\u05e9\u05dc\u05d5\u05dd é 日本 \ud83d\ude00"))
        .isEqualTo("\u05e9\u05dc\u05d5\u05dd é 日本 \ud83d\ude00");
    assertThat(Visible.markup("<a href='x' b=\"y\">&amp;"))
        .isEqualTo("&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;amp;");
  }

  @Test
  void linesStayLines() {
    assertThat(Visible.lines("a\u001b[2J\n  b\r\n\u202ec")).isEqualTo("a\\u001b[2J\n  b\n\\u202ec");
  }

  @Test
  void countsOneInTheSingular() {
    assertThat(Figures.of(1, "shard") + ", " + Figures.of(1200, "class"))
        .isEqualTo("1 shard, 1,200 classes");
  }

  @Property
  void markupHasNothingThatMarkupMeans(@ForAll String text) {
    assertThat(Visible.markup(text)).doesNotContain("<", ">", "\"", "'", "\n", "\u0000");
  }
}
