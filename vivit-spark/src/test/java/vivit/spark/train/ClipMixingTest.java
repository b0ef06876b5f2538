package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;
import vivit.spark.input.ClipBatches.TokenBatch;
import vivit.spark.input.StepOrder;
import vivit.spark.input.StepOrder.StepPiece;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/** Clips whose pixels are all the clip's number, so that pixels and labels tell the same mix. */
class ClipMixingTest {
  private static final List<Head> HEADS =
      List.of(new Head("noun", 9), new Head("mood", 9, Loss.SIGMOID));
  private static final ViViTConfig CONFIG =
      new ViViTConfig(
          new ClipShape(2, 6, 10),
          new Tubelet(1, 3, 5),
          12,
          2,
          8,
          new SpaceTime(1),
          Readout.TOKEN,
          0,
          HEADS);
  private static final int TOKENS = 2 * 2 * 2;
  private static final int VALUES = 3 * 5 * 3;

  /** A mixed batch: tokens by clip, and label rows by head. */
  private record Mixed(float[][][] tokens, float[][] softmax, float[][] sigmoid) {}

  private static Mixed mix(long seed, long step, StepPiece piece, double mixup, double cutMix) {
    return mix(seed, step, piece, mixup, cutMix, 0.5);
  }

  private static Mixed mix(
      long seed, long step, StepPiece piece, double mixup, double cutMix, double share) {
    return mix(seed, step, piece, mixup, cutMix, share, 1);
  }

  private static Mixed mix(
      long seed,
      long step,
      StepPiece piece,
      double mixup,
      double cutMix,
      double share,
      int repeats) {
    int clips = piece.clips().length * repeats;
    INDArray tokens = Nd4j.create(DataType.FLOAT, clips, TOKENS, VALUES);
    List<ClipLabels> labels = new ArrayList<>();
    for (int i = 0; i < clips; i++) {
      int clip = piece.clips()[i / repeats];
      tokens.slice(i).assign(clip);
      List<Label> one = List.of(new Label(clip, "c"));
      labels.add(new ClipLabels(List.of(one, one)));
    }
    StepValues values =
        new StepValues(
            0.1,
            Map.of(Strength.MIXUP, mixup, Strength.CUTMIX, cutMix, Strength.MIX_SWITCH, share));
    List<String> ids = Collections.nCopies(clips, "clip");
    try (LabelRows rows = new LabelRows(HEADS, labels)) {
      new ClipMixing(CONFIG, seed, repeats)
          .mix(
              new TokenBatch(new StepOrder(step, 0, piece, values), tokens, labels, ids, List.of()),
              rows);
      float[][][] found = new float[clips][][];
      for (int i = 0; i < clips; i++) {
        found[i] = tokens.slice(i).toFloatMatrix();
      }
      return new Mixed(found, rows.rows()[0].toFloatMatrix(), rows.rows()[1].toFloatMatrix());
    }
  }

  /** Every pixel is the clip's own or its partner's, and the labels are the shares of the two. */
  @Property(tries = 60)
  void labelsAreTheSharesOfThePixels(
      @ForAll long seed,
      @ForAll @IntRange(max = 99) int step,
      @ForAll @IntRange(min = 1, max = 9) int clips,
      @ForAll @IntRange(min = 2, max = 4) int group) {
    StepPiece piece = new StepPiece(IntStream.range(0, clips).toArray(), 0, group);

    Mixed mixed = mix(seed, step, piece, 0, 1);

    for (int clip = 0; clip < clips; clip++) {
      int first = clip / group * group;
      int partner = first + Math.min(clips, first + group) - 1 - clip;
      int own = 0;
      for (float[] token : mixed.tokens()[clip]) {
        for (float value : token) {
          assertThat(value).isIn((float) clip, (float) partner);
          own += value == clip ? 1 : 0;
        }
      }
      float share = own / (float) (TOKENS * VALUES);
      float[] expected = new float[9];
      expected[partner] = 1 - share;
      expected[clip] = clip == partner ? 1 : share;
      assertThat(mixed.softmax()[clip]).containsExactly(expected, within(1e-6f));
      assertThat(mixed.sigmoid()[clip]).containsExactly(expected, within(1e-6f));
    }
  }

  /** A worker that has only the later groups of the step mixes them as one that has all. */
  @Property(tries = 30)
  void aGroupIsMixedTheSameOnAnyWorker(@ForAll long seed, @ForAll @IntRange(max = 9) int step) {
    Mixed all = mix(seed, step, new StepPiece(new int[] {0, 1, 2, 3, 4, 5}, 0, 2), 0.8, 1);
    Mixed later = mix(seed, step, new StepPiece(new int[] {4, 5}, 2, 2), 0.8, 1);

    assertThat(later.tokens()[0]).isDeepEqualTo(all.tokens()[4]);
    assertThat(later.softmax()[1]).isEqualTo(all.softmax()[5]);
  }

  /** A group of two clips with three rows each; a clip that is left alone stays as it is. */
  @Property(tries = 30)
  void repeatsAreMixedWithThoseOfOtherClips(@ForAll long seed) {
    Mixed mixed = mix(seed, 3, new StepPiece(new int[] {1, 5, 7}, 0, 2), 0.8, 0, 0.5, 3);

    float own = mixed.softmax()[0][1];
    for (int row = 0; row < 6; row++) {
      float[] expected = new float[9];
      expected[row < 3 ? 1 : 5] = own;
      expected[row < 3 ? 5 : 1] = 1 - own;
      assertThat(mixed.softmax()[row]).containsExactly(expected, within(1e-6f));
    }
    for (int row = 6; row < 9; row++) {
      assertThat(mixed.softmax()[row]).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 0);
      assertThat(mixed.tokens()[row][0]).containsOnly(7);
    }
  }

  @Test
  void theSwitchIsTheShareOfGroupsThatUseCutMix() {
    assertThat(cut(0.8, 1, 0.5)).isBetween(450, 550);
    assertThat(cut(0.8, 1, 0.2)).isBetween(155, 245);
    assertThat(cut(0.8, 1, 1)).isEqualTo(1000);
    assertThat(cut(0.8, 1, 0)).isZero();
    assertThat(cut(0, 1, 0)).isEqualTo(1000); // CutMix alone
    assertThat(cut(0.8, 0, 1)).isZero(); // mixup alone
  }

  /** Groups of a thousand whose pixels stay whole; mixup changes every pixel. */
  private static int cut(double mixup, double cutMix, double share) {
    int cut = 0;
    for (int step = 0; step < 1000; step++) {
      StepPiece piece = new StepPiece(new int[] {1, 3}, 0, 2);
      float[][] first = mix(5, step, piece, mixup, cutMix, share).tokens()[0];
      boolean whole = true;
      for (float[] token : first) {
        for (float value : token) {
          whole &= value == 1 || value == 3;
        }
      }
      cut += whole ? 1 : 0;
    }
    return cut;
  }

  @Test
  void withoutEitherNothingChanges() {
    Mixed mixed = mix(1, 2, new StepPiece(new int[] {4, 5}, 0, 2), 0, 0);

    assertThat(mixed.tokens()[0][0]).containsOnly(4);
    assertThat(mixed.softmax()[1]).containsExactly(0, 0, 0, 0, 0, 1, 0, 0, 0);
  }
}
