package vivit.spark.probe;

import java.util.ArrayList;
import java.util.List;
import vivit.model.Head;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/**
 * Attentive probes on tokens {@code [b, n, d]}, which are normalised already ({@link
 * Standardisation#normaliseTokens}).
 */
final class AttentiveProbes implements Probes {
  private final List<AttentiveProbe> probes = new ArrayList<>();
  private final AttentivePooling pooling;
  private final Arena arena;
  private final Tensor directions;
  private final Tensor dDirections;
  private final int attentionHeads;
  private final int width;

  /** Draws the initial values, the same for all points, from the seed. */
  AttentiveProbes(
      Engine engine,
      List<Head> heads,
      int width,
      int attentionHeads,
      List<ProbePoint> points,
      long seed) {
    this.width = width;
    this.attentionHeads = attentionHeads;
    int all = Math.multiplyExact(points.size(), attentionHeads);
    Arena memory = new Arena(engine);
    points.forEach(
        point ->
            probes.add(
                new AttentiveProbe(engine, memory, heads, width, attentionHeads, point, seed)));
    directions = memory.take(all, width);
    dDirections = memory.take(all, width);
    double scale = 1 / Math.sqrt((double) width / attentionHeads);
    pooling = new AttentivePooling(engine, width, all, scale);
    arena = new Arena(engine);
  }

  @Override
  public List<ProbePoint> points() {
    return probes.stream().map(AttentiveProbe::point).toList();
  }

  /** Parameters and gradients of a probe. */
  ProbeVector vector(int probe) {
    return probes.get(probe).vector();
  }

  @Override
  public double[] learn(Tensor features, List<double[]> labels) {
    Tensor pooled = pool(features);
    long clips = features.shape()[0];
    arena.rewind();
    Tensor dPooled = arena.take(pooled.shape());
    double[] losses = new double[probes.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = probes.get(i).learn(part(pooled, i, clips), labels, part(dPooled, i, clips));
    }
    pooling.backward(dPooled, dDirections);
    for (int i = 0; i < losses.length; i++) {
      probes.get(i).learnDirections(part(dDirections, i));
    }
    return losses;
  }

  @Override
  public void descend(long update, int clips, double share) {
    for (AttentiveProbe probe : probes) {
      ProbePoint point = probe.point();
      probe.vector().descend(update, clips, share * point.rate(), point.weightDecay());
    }
  }

  @Override
  public double[][][] logits(Tensor features) {
    Tensor pooled = pool(features);
    double[][][] logits = new double[probes.size()][][];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = probes.get(i).logits(part(pooled, i, features.shape()[0]));
    }
    return logits;
  }

  private Tensor pool(Tensor features) {
    for (int i = 0; i < probes.size(); i++) {
      probes.get(i).directions(part(directions, i));
    }
    return pooling.forward(features, directions);
  }

  /** The directions of a probe, {@code [h, d]}. */
  private Tensor part(Tensor all, int probe) {
    return all.rowMajor((long) probe * attentionHeads * width, attentionHeads, width);
  }

  /** The means of a probe, {@code [h, b, d]}. */
  private Tensor part(Tensor all, int probe, long clips) {
    return all.rowMajor(
        (long) probe * attentionHeads * clips * width, attentionHeads, clips, width);
  }
}
