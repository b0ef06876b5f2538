package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Head;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.engine.EngineTimes;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.spark.config.TrainingSettings;
import vivit.spark.schedule.Strength;

/**
 * Runs optimiser steps, always on the same random clips and labels: forward, backward, clipping and
 * update by the configuration's rules.
 */
final class TrainingWork implements StepWork {

  /** Small, so that training on noise stays finite for any number of steps. */
  private static final double LEARNING_RATE = 1e-3;

  private final BenchSettings settings;
  private final ComputationGraph graph;
  private final TrainingStep step;
  private final List<MicroBatch> microBatches = new ArrayList<>();
  private long steps;
  private long updateNanos;
  private double loss;

  private record MicroBatch(INDArray tokens, INDArray[] labels) {
    int clips() {
      return (int) tokens.size(0);
    }
  }

  TrainingWork(BenchSettings settings) {
    this.settings = settings;
    TrainingSettings.Updates updates = settings.training().updates();
    graph = ViViTGraph.create(settings.model(), 0);
    step =
        new TrainingStep(
            graph,
            updates.optimiser(),
            settings.training().rates(settings.model()),
            updates.recompute());
    Random random = new Random(0);
    for (int clips : settings.microBatches()) {
      microBatches.add(
          new MicroBatch(
              StepWork.tokens(settings.model(), clips, random),
              settings.model().heads().stream()
                  .map(head -> labels(head, clips, random))
                  .toArray(INDArray[]::new)));
    }
  }

  private static INDArray labels(Head head, int clips, Random random) {
    INDArray rows = Nd4j.create(DataType.FLOAT, clips, head.classes());
    for (int clip = 0; clip < clips; clip++) {
      rows.putScalar(clip, random.nextInt(head.classes()), 1);
    }
    return rows;
  }

  @Override
  public void step(EngineTimes times) {
    for (MicroBatch batch : microBatches) {
      step.accumulate(batch.tokens(), batch.labels(), chance(batch.clips()));
    }
    Nd4j.getExecutioner().commit();
    times.pause();
    long start = System.nanoTime();
    double decay = settings.training().schedule(Strength.WEIGHT_DECAY).max();
    TrainingStep.Result result = step.update(steps + 1, LEARNING_RATE, decay);
    Nd4j.getExecutioner().commit();
    updateNanos += System.nanoTime() - start;
    times.resume();
    loss = result.lossSum() / result.clips();
    steps++;
  }

  private Randomness chance(int clips) {
    if (settings.drops() == BenchSettings.Drops.NONE) {
      return Randomness.none(clips);
    }
    long[] seeds = new Random(steps).longs(clips).toArray();
    TrainingSettings training = settings.training();
    return new Randomness(
        new DropPath(training.schedule(Strength.DROP_PATH).max(), training.dropPathRule(), seeds),
        new Dropout(
            training.schedule(Strength.DROPOUT).max(),
            training.schedule(Strength.ATTENTION_DROPOUT).max(),
            seeds));
  }

  @Override
  public ComputationGraph graph() {
    return graph;
  }

  @Override
  public long updateNanos() {
    return updateNanos;
  }

  @Override
  public double result() {
    return loss;
  }

  @Override
  public void close() {
    step.close();
    graph.close();
    for (MicroBatch batch : microBatches) {
      batch.tokens().close();
      for (INDArray labels : batch.labels()) {
        labels.close();
      }
    }
  }
}
