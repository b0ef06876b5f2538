package vivit.dataprep.inspect.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import vivit.dataprep.inspect.statistics.ClassMix.Prefix;
import vivit.dataprep.inspect.statistics.Distribution.Bin;
import vivit.dataprep.shard.Quarantine;

/** Compares the statistics with plain counting. */
public class StatisticsTest {
  @Property(tries = 200)
  void percentilesAndBinsCountEveryValue(
      @ForAll @Size(min = 1, max = 200) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    Distribution one = Distribution.of("x", "s", values.stream().mapToDouble(v -> v));
    assertThat(one.count()).isEqualTo(values.size());
    assertThat(one.bins().stream().mapToLong(Bin::count).sum()).isEqualTo(values.size());
    one.percentiles()
        .forEach(
            (percent, value) -> {
              assertThat(values).contains(value);
              double wanted = percent / 100.0 * values.size();
              assertThat(values.stream().filter(v -> v <= value).count())
                  .isGreaterThanOrEqualTo((long) Math.ceil(wanted - 1e-9));
              assertThat((double) values.stream().filter(v -> v < value).count())
                  .isLessThan(wanted + 1e-9);
            });
    assertThat(one.mean())
        .isCloseTo(values.stream().mapToDouble(v -> v).sum() / values.size(), within(1e-6));
  }

  @Test
  void nothingHasNoFigures() {
    Distribution none = Distribution.of("x", "s", DoubleStream.empty());
    assertThat(none.count()).isZero();
    assertThat(none.percentiles().get(50)).isNaN();
    assertThat(none.bins()).isEmpty();
  }

  @Test
  void pixelsAgainstPlainSums() {
    byte[] pixels = new byte[5 * 7 * 3 * 3];
    new Random(5).nextBytes(pixels);
    byte[] others = new byte[2 * 3 * 3];
    new Random(6).nextBytes(others);
    PixelStatistics both = PixelStatistics.of(pixels).plus(PixelStatistics.of(others));
    assertThat(both.clips()).isEqualTo(2);
    assertThat(both.pixels()).isEqualTo((pixels.length + others.length) / 3);
    for (int channel = 0; channel < 3; channel++) {
      int c = channel;
      double[] values =
          IntStream.concat(values(pixels, c), values(others, c)).asDoubleStream().toArray();
      double mean = Arrays.stream(values).sum() / values.length;
      double variance =
          Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
      assertThat(both.mean(c)).isCloseTo(mean, within(1e-9));
      assertThat(both.deviation(c)).isCloseTo(Math.sqrt(variance), within(1e-9));
    }
  }

  private static IntStream values(byte[] pixels, int channel) {
    return IntStream.range(0, pixels.length / 3).map(i -> pixels[3 * i + channel] & 0xff);
  }

  @Test
  void aSortedSetIsBadlyMixed() {
    List<ClipFact> sorted =
        IntStream.range(0, 200).mapToObj(i -> fact(i, i / 2, List.of(i / 20))).toList();
    Prefix tenth = ClassMix.of(sorted, 11, 0).at(0.1);
    assertThat(tenth.clips()).isEqualTo(20);
    assertThat(tenth.classes()).isEqualTo(1);
    assertThat(tenth.distance()).isCloseTo(0.9, within(1e-12));
    assertThat(tenth.randomClasses()).isBetween(5.0, 10.0);
    assertThat(tenth.randomDistance()).isBetween(0.1, 0.6);
    assertThat(ClassMix.of(sorted, 11, 0).present()).isEqualTo(10);

    List<ClipFact> dealt =
        IntStream.range(0, 200).mapToObj(i -> fact(i, i, List.of(i % 10))).toList();
    Prefix mixed = ClassMix.of(dealt, 11, 0).at(0.1);
    assertThat(mixed.classes()).isEqualTo(10);
    assertThat(mixed.distance()).isCloseTo(0, within(1e-12));
    assertThat(ClassMix.of(dealt, 11, 0).at(1).distance()).isCloseTo(0, within(1e-12));
  }

  @Test
  void noClipsHaveNoMix() {
    assertThat(ClassMix.of(List.of(), 3, 0).prefixes()).isEmpty();
  }

  @Test
  void causesThatDifferInFiguresOnlyAreOneKind() {
    QuarantineStatistics some =
        QuarantineStatistics.of(InspectedSet.heads(), Quarantine.of(InspectedSet.quarantined()));
    assertThat(some.causes())
        .containsExactly(
            new QuarantineStatistics.Cause("truncated", "it ends at byte # of #", 2),
            new QuarantineStatistics.Cause("undecodable", "its box \"…\" is missing", 1));
    assertThat(some.of(0, InspectedSet.NAMES.get(0))).isEqualTo(2);
    assertThat(some.of(0, "never")).isEqualTo(1);
    assertThat(some.of(1, "rain")).isEqualTo(2);
    assertThat(some.of(1, "night")).isEqualTo(1);
    assertThat(some.of(1, "indoors")).isZero();
  }

  @Test
  void theDrawIsSpreadOverClassesAndVideos() {
    List<ClipFact> clips =
        IntStream.range(0, 300).mapToObj(i -> fact(i, i / 3, List.of(i % 7 == 0 ? 1 : 0))).toList();
    LabelStatistics head =
        new LabelStatistics(
            "label",
            "single-label",
            0,
            List.of(
                new LabelStatistics.ClassCount(0, "a", 257, 100, 0),
                new LabelStatistics.ClassCount(1, "b", 43, 40, 0),
                new LabelStatistics.ClassCount(2, "c", 0, 0, 0)));
    ClipSelection draw = ClipSelection.draw(clips, List.of(head), 10, 5, 3, 1);
    assertThat(draw.random()).hasSize(10).doesNotHaveDuplicates();
    assertThat(draw.byClass()).containsOnlyKeys(0, 1);
    draw.byClass()
        .forEach(
            (label, places) -> {
              assertThat(places).hasSize(3);
              assertThat(places.stream().map(place -> place.rowGroup() / 3))
                  .doesNotHaveDuplicates();
              assertThat(places)
                  .allMatch(p -> clips.get(p.rowGroup()).classes().equals(List.of(label)));
            });
    assertThat(ClipSelection.draw(clips, List.of(head), 10, 5, 3, 1)).isEqualTo(draw);
    assertThat(ClipSelection.draw(clips, List.of(head), 10, 5, 3, 2)).isNotEqualTo(draw);
    assertThat(ClipSelection.draw(clips, List.of(head), 10, 1, 3, 1).byClass()).containsOnlyKeys(0);
    assertThat(ClipSelection.draw(clips, List.of(head), 10, 0, 3, 1).byClass()).isEmpty();
  }

  public static ClipFact fact(int rowGroup, long video, List<Integer> classes) {
    return new ClipFact(
        0, rowGroup, video, classes, 1, 2, Double.NaN, 25, 48, 64, 24, 32, 100, 200, false);
  }
}
