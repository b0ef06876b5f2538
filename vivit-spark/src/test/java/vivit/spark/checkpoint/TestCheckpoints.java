package vivit.spark.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import vivit.dataprep.clip.ClipSettings;
import vivit.model.Head;
import vivit.model.ModelDescription;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.spark.checkpoint.CheckpointState.BestValidation;

/** Checkpoints of a tiny model with drawn vectors. */
final class TestCheckpoints {
  static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(4, 8, 12),
          new Tubelet(2, 4, 4),
          6,
          2,
          10,
          new FactorisedEncoder(2, 1),
          Readout.TOKEN,
          0,
          List.of(new Head("label", 3)));

  private TestCheckpoints() {}

  /** Writes a checkpoint whose parameters are {@code vector(step)}, its momentum half zeros. */
  static Checkpoint write(CheckpointStore store, long step) throws IOException {
    SlicedVector momentum = vector(-step);
    momentum.write(0, new float[(int) momentum.length() / 2]);
    return VectorFiles.write(
        store,
        state(step, 0.5),
        Map.of(Checkpoint.PARAMETERS, vector(step), Checkpoint.MOMENTUM, momentum));
  }

  static SlicedVector vector(long seed) {
    long length = ParameterIndex.of(MODEL).length();
    SlicedVector vector = new SlicedVector(length, 100);
    Random random = new Random(seed);
    float[] values = new float[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    vector.write(0, values);
    return vector;
  }

  static float[] values(SlicedVector vector) {
    float[] values = new float[(int) vector.length()];
    vector.read(0, values);
    return values;
  }

  static CheckpointState state(long step, double loss) {
    return state(step, loss, null);
  }

  /** The same after a validation. */
  static CheckpointState state(long step, double loss, BestValidation best) {
    return new CheckpointState(
        1,
        step,
        0,
        step,
        10,
        20,
        0,
        2,
        loss,
        ModelDescription.of(MODEL),
        List.of("a", "b", "c"),
        "labels",
        "shards",
        new ClipSettings(4, 1, 12.5, 36, 2, 4),
        "train {}",
        Map.of(),
        best);
  }
}
