package vivit.spark.probe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.text.Kebab;

/**
 * The section {@code probe}.
 *
 * @param model run, checkpoint or other model whose encoder is frozen
 * @param trainingShards folder of the set that probes are trained on
 * @param evaluationShards folder of the set that they are evaluated on
 * @param output folder of the features and {@code metrics.json}
 * @param kinds of probes
 * @param rates learning rates, each with every weight decay
 * @param weightDecays weight decays
 * @param attentionHeads of attentive probes; empty for the model's number
 * @param epochs passes over the training videos' clips
 * @param batchSize clips of a step
 * @param validationShare share of the training videos that only choose the probe
 * @param select the figure that chooses; empty for the usual one of the heads
 * @param crops of every stored clip of the evaluation set, 1 or 3
 * @param encoderBatch views that go through the encoder together
 * @param seed of the draws
 */
public record ProbeSettings(
    String model,
    String trainingShards,
    String evaluationShards,
    String output,
    List<ProbeKind> kinds,
    List<Double> rates,
    List<Double> weightDecays,
    OptionalInt attentionHeads,
    int epochs,
    int batchSize,
    double validationShare,
    Optional<String> select,
    int crops,
    int encoderBatch,
    long seed) {
  private static final double LEAST_SHARE = 0.001;

  /** Reads the section; records problems instead of throwing them. */
  public static ProbeSettings read(StrictConfig config) {
    Section probe = config.section("probe");
    int crops = probe.integer("crops", 1, 3);
    if (crops == 2) {
      probe.problem("crops", "found 2; expected 1 (centre) or 3 (along the longer side)");
    }
    List<ProbeKind> kinds = kinds(probe);
    OptionalInt heads = probe.optionalInteger("attention-heads", 1, 65_536);
    if (heads.isPresent() && !kinds.contains(ProbeKind.ATTENTIVE)) {
      probe.problem(
          "attention-heads",
          "found %d, but none of probe.kinds is attentive; remove this key or add that kind"
              .formatted(heads.getAsInt()));
    }
    return new ProbeSettings(
        probe.place("model"),
        probe.place("training-shards"),
        probe.place("evaluation-shards"),
        probe.place("output"),
        kinds,
        numbers(probe, "rates", Double.MIN_NORMAL, 1000),
        numbers(probe, "weight-decays", 0, 1000),
        heads,
        probe.integer("epochs", 1, 1_000_000),
        probe.integer("batch-size", 1, 65_536),
        probe.number("validation-share", LEAST_SHARE, 1 - LEAST_SHARE),
        probe.optionalText("select"),
        crops,
        probe.integer("encoder-batch-size", 1, 65_536),
        config.section("").whole("seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static List<ProbeKind> kinds(Section probe) {
    List<ProbeKind> kinds = new ArrayList<>();
    for (String word : probe.texts("kinds")) {
      Optional<ProbeKind> kind = Kebab.constant(ProbeKind.class, word);
      if (kind.isEmpty()) {
        probe.problem("kinds", "found \"%s\"; expected linear, attentive or both".formatted(word));
      } else {
        kinds.add(kind.get());
      }
    }
    requireSome(probe, "kinds", probe.texts("kinds"));
    return List.copyOf(kinds);
  }

  private static List<Double> numbers(Section probe, String key, double min, double max) {
    List<Double> numbers = new ArrayList<>();
    for (String word : probe.texts(key)) {
      double number = number(word);
      if (number >= min && number <= max) {
        numbers.add(number);
      } else {
        probe.problem(
            key,
            "found \"%s\"; expected numbers %s, such as 0.001"
                .formatted(word, min > 0 ? "above 0" : "from 0 up"));
      }
    }
    requireSome(probe, key, numbers.isEmpty() ? probe.texts(key) : numbers);
    return List.copyOf(numbers);
  }

  private static double number(String word) {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException noNumber) {
      return Double.NaN;
    }
  }

  private static void requireSome(Section probe, String key, List<?> values) {
    if (values.isEmpty()) {
      probe.problem(key, "found an empty list; expected at least one value");
    } else if (new HashSet<>(values).size() < values.size()) {
      probe.problem(key, "found %s; expected every value once".formatted(values));
    }
  }

  /** Every kind with every rate and every weight decay, in this order. */
  List<ProbePoint> points() {
    List<ProbePoint> points = new ArrayList<>();
    for (ProbeKind kind : kinds) {
      for (double rate : rates) {
        for (double decay : weightDecays) {
          points.add(new ProbePoint(kind, rate, decay));
        }
      }
    }
    return points;
  }
}
