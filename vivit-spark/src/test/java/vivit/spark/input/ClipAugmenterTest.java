package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.StoredClip;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.spark.input.ClipAugmenter.Augmentation;
import vivit.spark.input.Mirroring.FlipDirection;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

class ClipAugmenterTest {
  private static final ClipShape CLIP = new ClipShape(2, 4, 6);
  private static final Tubelet TUBELET = new Tubelet(1, 2, 3);
  private static final List<String> LABELS = List.of("left", "right", "up");
  private static final LabelHeads HEADS = LabelHeads.of(LabelMap.of(LABELS));

  /** Everything at once, and the clips spread over workers: every clip is what it is alone. */
  @Property(tries = 60)
  void aClipIsTheSameOnAnyCluster(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 25) int clips,
      @ForAll @IntRange(min = 1, max = 6) int workers,
      @ForAll boolean colours) {
    StepValues values = everything(colours);
    EpochPlan plan = EpochPlan.of(new EpochPlan.PlanKey(seed, clips, 6, 2), 3);
    Map<Integer, float[]> found = new HashMap<>();
    for (int worker = 0; worker < workers; worker++) {
      ClipAugmenter augmenter = augmenter(colours ? 0 : 2, FlipDirection.MIRROR, seed);
      for (int step = 0; step < plan.steps(); step++) {
        for (int clip : plan.pieces(step, workers).get(worker).clips()) {
          found.put(clip, tokens(augmenter, clip, values));
        }
      }
    }

    assertThat(found).hasSize(clips);
    ClipAugmenter alone = augmenter(colours ? 0 : 2, FlipDirection.MIRROR, seed);
    for (int clip = clips - 1; clip >= 0; clip--) {
      assertThat(found.get(clip)).isEqualTo(tokens(alone, clip, values));
    }
  }

  @Test
  void anotherEpochOrSeedGivesAnotherClip() {
    StepValues values = everything(true);
    float[] one = new float[CLIP.frames() * CLIP.height() * CLIP.width() * 3];
    float[] two = one.clone();
    ClipAugmenter augmenter = augmenter(0, FlipDirection.MIRROR, 1);
    augmenter.write(stored(4), new ClipUse(0, 4, 0), values, FloatBuffer.wrap(one));
    augmenter.write(stored(4), new ClipUse(1, 4, 0), values, FloatBuffer.wrap(two));

    assertThat(one).isNotEqualTo(two);
    assertThat(tokens(augmenter(0, FlipDirection.MIRROR, 2), 4, values))
        .isNotEqualTo(tokens(augmenter, 4, values));
  }

  /** Random erasing covers a part; outside it the clip is the one without random erasing. */
  @Property(tries = 50)
  void oneAugmentationDoesNotDisturbAnother(@ForAll long seed) {
    Map<Strength, Double> plain = new EnumMap<>(everything(true).strengths());
    plain.put(Strength.RANDOM_ERASING, 0.0);
    ClipAugmenter augmenter = augmenter(0, FlipDirection.MIRROR, seed);

    float[] without = tokens(augmenter, 7, new StepValues(0, plain));
    float[] with = tokens(augmenter, 7, everything(true));

    int same = 0;
    for (int i = 0; i < with.length; i++) {
      same += with[i] == without[i] ? 1 : 0;
    }
    assertThat(same).isGreaterThan(with.length / 4);
  }

  /**
   * Red grows downwards, green to the right, blue with time: whatever the scale, crop and mirror,
   * red must be even along rows, green along columns and blue within frames.
   */
  @Property(tries = 100)
  void geometryNeverSwapsAxes(@ForAll long seed, @ForAll boolean mirror) {
    ClipShape shape = new ClipShape(3, 5, 9);
    byte[] pixels = new byte[4 * 8 * 13 * 3];
    int at = 0;
    for (int t = 0; t < 4; t++) {
      for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 13; x++) {
          pixels[at++] = (byte) (30 * y);
          pixels[at++] = (byte) (19 * x);
          pixels[at++] = (byte) (60 * t);
        }
      }
    }
    StoredClip stored = new StoredClip("c", "v", 0, 2, "up", 4, 8, 13, pixels);
    ClipAugmenter augmenter =
        new ClipAugmenter(
            new ClipTokens(shape, new Tubelet(1, 5, 9)),
            new Augmentation(
                0.9, 1.33, new ResizedCrop(0, 1), FlipDirection.MIRROR, randAugment(0)),
            new Mirroring(FlipDirection.MIRROR, HEADS),
            seed);
    float[] found = new float[3 * 5 * 9 * 3];
    StepValues values =
        new StepValues(0, Map.of(Strength.SCALE_JITTER, 1.0, Strength.FLIP, mirror ? 1.0 : 0.0));

    augmenter.write(stored, new ClipUse(0, 0, 0), values, FloatBuffer.wrap(found));

    float frame = 60 * 2f / 255;
    for (int t = 0; t < 3; t++) {
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 9; x++) {
          int i = ((t * 5 + y) * 9 + x) * 3;
          int left = ((t * 5 + y) * 9) * 3;
          int top = (t * 5 * 9 + x) * 3;
          assertThat(found[i]).isEqualTo(found[left]);
          assertThat(found[i + 1]).isEqualTo(found[top + 1]);
          assertThat(found[i + 2])
              .isBetween(found[2] + t * frame - 1e-5f, found[2] + t * frame + 1e-5f);
          if (y > 0) {
            assertThat(found[i]).isGreaterThan(found[i - 27]);
          }
          if (x > 0) {
            assertThat(found[i + 1] - found[i - 2]).matches(step -> mirror ? step < 0 : step > 0);
          }
        }
      }
    }
  }

  /**
   * Frame t is all t. A window of 3 of 7 frames begins at 0 to 4, each in a fifth of the epochs.
   */
  @Test
  void aLongerClipGivesAnotherWindowEveryEpoch() {
    byte[] pixels = new byte[7 * 4 * 6 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / (4 * 6 * 3));
    }
    StoredClip stored = new StoredClip("c", "v", 0, 2, "up", 7, 4, 6, pixels);
    ClipAugmenter augmenter =
        new ClipAugmenter(
            new ClipTokens(new ClipShape(3, 4, 6), new Tubelet(1, 4, 6)),
            new Augmentation(
                0.9, 1.33, new ResizedCrop(0, 1), FlipDirection.MIRROR, randAugment(0)),
            new Mirroring(FlipDirection.MIRROR, HEADS),
            8);
    int[] starts = new int[5];
    for (int epoch = 0; epoch < 1000; epoch++) {
      float[] out = new float[3 * 4 * 6 * 3];
      augmenter.write(
          stored, new ClipUse(epoch, 0, 0), new StepValues(0, Map.of()), FloatBuffer.wrap(out));
      int first = Math.round((out[0] + 1) * 255 / 2);
      for (int t = 0; t < 3; t++) {
        assertThat(Arrays.copyOfRange(out, t * 72, (t + 1) * 72))
            .containsOnly(ClipTokens.NORMALISED[first + t]);
      }
      starts[first]++;
    }
    assertThat(Arrays.stream(starts).min().orElseThrow()).isGreaterThan(150);
  }

  @Test
  void aMirroredClipMayChangeItsClass() {
    StepValues mirrored = new StepValues(0, Map.of(Strength.FLIP, 1.0));
    StepValues plain = new StepValues(0, Map.of());

    assertThat(label(FlipDirection.SWAP, mirrored, 0)).isEqualTo(1);
    assertThat(label(FlipDirection.SWAP, mirrored, 2)).isEqualTo(2);
    assertThat(label(FlipDirection.SWAP, plain, 0)).isZero();
    assertThat(label(FlipDirection.MIRROR, mirrored, 0)).isZero();
    assertThat(label(FlipDirection.SKIP, mirrored, 0)).isZero();
  }

  @Test
  void aClassThatTellsLeftFromRightIsNotMirroredIfSkipped() {
    StepValues mirrored = new StepValues(0, Map.of(Strength.FLIP, 1.0));
    StepValues plain = new StepValues(0, Map.of());
    ClipAugmenter skip = augmenter(0, FlipDirection.SKIP, 5);

    assertThat(tokens(skip, 0, mirrored)).isEqualTo(tokens(skip, 0, plain));
    assertThat(tokens(skip, 2, mirrored)).isNotEqualTo(tokens(skip, 2, plain));
  }

  private static int label(FlipDirection direction, StepValues values, int position) {
    float[] out = new float[CLIP.frames() * CLIP.height() * CLIP.width() * 3];
    return augmenter(0, direction, 5)
        .write(stored(position), new ClipUse(0, position, 0), values, FloatBuffer.wrap(out))
        .ids()
        .get(0)
        .get(0);
  }

  private static StepValues everything(boolean colours) {
    Map<Strength, Double> values = new EnumMap<>(Strength.class);
    values.put(Strength.SCALE_JITTER, 0.7);
    values.put(Strength.FLIP, 0.5);
    values.put(Strength.RANDOM_ERASING, 0.8);
    values.put(Strength.RAND_AUGMENT, 15.0);
    values.put(Strength.COLOUR_JITTER, colours ? 0.8 : 0);
    values.put(Strength.GREY, colours ? 0.2 : 0);
    return new StepValues(0.1, values);
  }

  private static ClipAugmenter augmenter(int layers, FlipDirection direction, long seed) {
    return new ClipAugmenter(
        new ClipTokens(CLIP, TUBELET),
        new Augmentation(0.9, 1.33, new ResizedCrop(0, 1), direction, randAugment(layers)),
        new Mirroring(direction, HEADS),
        seed);
  }

  private static RandAugment randAugment(int layers) {
    return new RandAugment(RandAugment.AugmentRule.REFERENCE, layers, 0);
  }

  private static float[] tokens(ClipAugmenter augmenter, int position, StepValues values) {
    float[] padded = new float[augmenter.values() + 5];
    FloatBuffer room = FloatBuffer.wrap(padded, 5, augmenter.values());
    augmenter.write(stored(position), new ClipUse(3, position, 0), values, room);
    assertThat(room.hasRemaining()).isFalse();
    return Arrays.copyOfRange(padded, 5, padded.length);
  }

  private static StoredClip stored(int position) {
    byte[] pixels = new byte[3 * 5 * 8 * 3];
    new Random(position).nextBytes(pixels);
    int label = position % 3;
    return new StoredClip("clip-" + position, "v", 0, label, LABELS.get(label), 3, 5, 8, pixels);
  }
}
