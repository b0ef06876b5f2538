package vivit.spark.probe;

import java.util.ArrayList;
import java.util.List;
import vivit.model.Head;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.network.Heads;
import vivit.model.network.Heads.Classifier;

/**
 * Linear probes: a dense layer for each head on the pooled representations {@code [b, r]}, which
 * {@link Standardisation} prepares. All parameters are zero at first.
 */
final class LinearProbes implements Probes {
  private final Engine engine;
  private final List<Head> heads;
  private final List<LinearProbe> probes = new ArrayList<>();
  private final Arena scratch;

  /** One probe. */
  private record LinearProbe(
      ProbePoint point, ProbeVector vector, List<Classifier> layers, Heads heads) {}

  LinearProbes(Engine engine, List<Head> heads, int width, List<ProbePoint> points) {
    this.engine = engine;
    this.heads = heads;
    this.scratch = new Arena(engine);
    Arena memory = new Arena(engine);
    long classes = heads.stream().mapToLong(Head::classes).sum();
    for (ProbePoint point : points) {
      ProbeVector vector = new ProbeVector(engine, memory, width * classes, classes);
      List<Classifier> layers =
          heads.stream()
              .map(
                  head ->
                      ProbeVector.classifier(
                          vector.kernel(width, head.classes()), vector.vector(head.classes())))
              .toList();
      probes.add(new LinearProbe(point, vector, layers, new Heads(engine, heads, layers)));
    }
  }

  @Override
  public List<ProbePoint> points() {
    return probes.stream().map(LinearProbe::point).toList();
  }

  @Override
  public double[] learn(Tensor features, List<double[]> labels) {
    scratch.rewind();
    Tensor unused = scratch.take(features.shape());
    return probes.stream()
        .mapToDouble(probe -> probe.heads().learn(features, labels, unused).loss())
        .toArray();
  }

  @Override
  public void descend(long update, int clips, double share) {
    for (LinearProbe probe : probes) {
      ProbePoint point = probe.point();
      probe.vector().descend(update, clips, share * point.rate(), point.weightDecay());
    }
  }

  @Override
  public double[][][] logits(Tensor features) {
    double[][][] logits = new double[probes.size()][][];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = logits(engine, scratch, heads, probes.get(i).layers(), features);
    }
    return logits;
  }

  /** Applies the dense layer of every head. */
  static double[][] logits(
      Engine engine, Arena scratch, List<Head> heads, List<Classifier> layers, Tensor features) {
    scratch.rewind();
    double[][] logits = new double[layers.size()][];
    for (int head = 0; head < logits.length; head++) {
      Classifier layer = layers.get(head);
      Tensor y = scratch.take(features.shape()[0], heads.get(head).classes());
      engine.linear(features, layer.kernel(), layer.bias(), y);
      logits[head] = engine.read(y);
    }
    return logits;
  }
}
