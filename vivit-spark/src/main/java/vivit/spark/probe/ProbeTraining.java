package vivit.spark.probe;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.spark.executor.WorkerDevice;
import vivit.spark.input.Draws;
import vivit.spark.input.Draws.Use;
import vivit.spark.probe.FeatureFile.Features;

/**
 * Trains all probes in one task: every batch is read once and shown to all of them. Batches are cut
 * from a permutation of the clips per epoch; representations stay in memory, tokens are read from
 * the files, clip by clip. The result has the same bits on any number of cores.
 */
record ProbeTraining(Setup setup) implements Tasks.Task<Integer, ProbeOutcome> {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeTraining.class);

  /**
   * What the task needs to know.
   *
   * @param training folder of the training set's features
   * @param evaluation folder of the evaluation set's features
   * @param heads the classes
   * @param points the probes
   * @param attentionHeads of attentive probes
   * @param epochs passes over the clips
   * @param batchSize clips of a step
   * @param validationShare share of the training videos that are held out
   * @param select name of the figure that chooses
   * @param seed of all draws
   */
  record Setup(
      String training,
      String evaluation,
      LabelHeads heads,
      List<ProbePoint> points,
      int attentionHeads,
      int epochs,
      int batchSize,
      double validationShare,
      String select,
      long seed)
      implements Serializable {

    List<ProbePoint> points(ProbeKind kind) {
      return points.stream().filter(point -> point.kind() == kind).toList();
    }

    boolean has(ProbeKind kind) {
      return !points(kind).isEmpty();
    }

    List<String> small() {
      return has(ProbeKind.LINEAR) ? List.of(FeatureFile.REPRESENTATION) : List.of();
    }
  }

  @Override
  public ProbeOutcome run(Integer unused, Configuration hadoop) throws IOException {
    WorkerDevice.prepare(TaskContext.get());
    try (Engine engine = Engines.create(DataType.FLOAT);
        FeatureSet training = FeatureSet.open(new Path(setup.training()), hadoop, setup.heads());
        FeatureSet evaluation =
            FeatureSet.open(new Path(setup.evaluation()), hadoop, setup.heads())) {
      return run(engine, training, evaluation);
    }
  }

  ProbeOutcome run(Engine engine, FeatureSet training, FeatureSet evaluation) throws IOException {
    List<Features> rows = training.rows(setup.small());
    Set<String> heldOut =
        HeldOut.of(
            rows.stream().map(Features::video).toList(), setup.validationShare(), setup.seed());
    List<Integer> trained = rows(rows, heldOut, false);
    List<Integer> held = rows(rows, heldOut, true);
    Standardisation standard =
        setup.has(ProbeKind.LINEAR)
            ? Standardisation.of(
                trained.stream().map(row -> rows.get(row).representation()).toList())
            : new Standardisation(new double[0], new double[0]);
    List<Head> heads = heads(setup.heads());
    List<Probes> probes = probes(engine, training.manifest(), heads);
    double[] losses;
    ProbeScores validation;
    try (FeatureBatches batches =
        new FeatureBatches(training, rows, standard, heads, setup.batchSize())) {
      losses = train(engine, probes, batches, trained);
      validation = new ProbeScores(setup.heads(), setup.points().size());
      validation.score(engine, probes, batches, held);
    }
    List<Features> tests = evaluation.rows(setup.small());
    ProbeScores test = new ProbeScores(setup.heads(), setup.points().size());
    try (FeatureBatches batches =
        new FeatureBatches(evaluation, tests, standard, heads, setup.batchSize())) {
      test.score(engine, probes, batches, IntStream.range(0, tests.size()).boxed().toList());
    }
    return ProbeChoice.outcome(setup, losses, trained.size(), validation, test);
  }

  private static List<Integer> rows(List<Features> rows, Set<String> heldOut, boolean held) {
    return IntStream.range(0, rows.size())
        .filter(row -> heldOut.contains(rows.get(row).video()) == held)
        .boxed()
        .toList();
  }

  /** The model's heads for these classes. */
  static List<Head> heads(LabelHeads labels) {
    return labels.list().stream()
        .map(
            head ->
                new Head(
                    head.name(),
                    head.classes(),
                    head.labelling() == Labelling.MULTI_LABEL ? Loss.SIGMOID : Loss.SOFTMAX))
        .toList();
  }

  private List<Probes> probes(Engine engine, FeatureManifest features, List<Head> heads) {
    List<Probes> probes = new ArrayList<>();
    for (ProbeKind kind : kinds()) {
      List<ProbePoint> points = setup.points(kind);
      probes.add(
          switch (kind) {
            case LINEAR -> new LinearProbes(engine, heads, features.representation(), points);
            case ATTENTIVE ->
                new AttentiveProbes(
                    engine, heads, features.width(), setup.attentionHeads(), points, setup.seed());
          });
    }
    return probes;
  }

  /** The kinds in the order of the points, whose probes are next to each other. */
  private List<ProbeKind> kinds() {
    return setup.points().stream().map(ProbePoint::kind).distinct().toList();
  }

  /** Trains; returns every probe's mean loss of the last epoch. */
  private double[] train(
      Engine engine, List<Probes> probes, FeatureBatches batches, List<Integer> rows)
      throws IOException {
    int perEpoch = (rows.size() + setup.batchSize() - 1) / setup.batchSize();
    long steps = (long) perEpoch * setup.epochs();
    long step = 0;
    double[] losses = new double[setup.points().size()];
    for (int epoch = 0; epoch < setup.epochs(); epoch++) {
      Arrays.fill(losses, 0);
      List<Integer> order = permutation(rows, epoch);
      for (int first = 0; first < order.size(); first += setup.batchSize()) {
        List<Integer> batch =
            order.subList(first, Math.min(order.size(), first + setup.batchSize()));
        double share = (1 + Math.cos(Math.PI * step / steps)) / 2;
        step++;
        int at = 0;
        for (Probes kind : probes) {
          double[] sums =
              kind.learn(
                  batches.features(engine, kind.points().get(0).kind(), batch),
                  batches.labels(batch));
          kind.descend(step, batch.size(), share);
          for (double sum : sums) {
            losses[at++] += sum / rows.size();
          }
        }
      }
      log(epoch, losses);
    }
    return losses;
  }

  private void log(int epoch, double[] losses) {
    LOG.info(
        "Probes: epoch {} of {}, losses {}",
        epoch + 1,
        setup.epochs(),
        Arrays.stream(losses)
            .mapToObj(loss -> String.format(Locale.ROOT, "%.4f", loss))
            .collect(Collectors.joining(", ")));
  }

  private List<Integer> permutation(List<Integer> rows, int epoch) {
    List<Integer> order = new ArrayList<>(rows);
    Draws draws = Draws.of(Use.PROBE, setup.seed(), epoch);
    for (int i = order.size() - 1; i > 0; i--) {
      int other = draws.below(i + 1);
      Integer moved = order.get(i);
      order.set(i, order.get(other));
      order.set(other, moved);
    }
    return order;
  }

  /** Rows in the order of their videos, clips and crops. */
  static List<Integer> byVideo(List<Features> all, List<Integer> rows) {
    return rows.stream()
        .sorted(
            Comparator.comparing((Integer row) -> all.get(row).video())
                .thenComparing(row -> all.get(row).clip())
                .thenComparing(row -> all.get(row).crop()))
        .toList();
  }
}
