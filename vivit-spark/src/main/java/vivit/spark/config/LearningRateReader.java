package vivit.spark.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.Span;
import vivit.spark.config.TrainingSettings.LearningRate;
import vivit.spark.schedule.RateShape;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.Schedule.Stairs.Stair;

/** Reads the section {@code train.learning-rate}; refuses keys that the chosen shape ignores. */
final class LearningRateReader {
  private static final int MANY = 1_000_000;
  private static final String DROPS = "0.1 at 20 epochs, 0.01 at 25 epochs";

  /** How the base rate follows the batch size. */
  private enum BatchScaling {
    LINEAR,
    SQUARE_ROOT
  }

  private final Section rate;

  private LearningRateReader(Section rate) {
    this.rate = rate;
  }

  static LearningRate read(Section rate, int batchSize) {
    LearningRateReader reader = new LearningRateReader(rate);
    Map<ParameterGlob, Double> multipliers = new LinkedHashMap<>();
    rate.numbers("multipliers", 0, MANY)
        .forEach(
            (text, factor) -> TrainingReader.glob(rate, "multipliers", text, multipliers, factor));
    double base = rate.number("base", 1e-12, 1e6) * reader.scale(batchSize);
    Span warmup = rate.span("warmup");
    return new LearningRate(
        base, warmup, reader.shape(warmup), rate.number("layer-decay", 1e-6, 1), multipliers);
  }

  /** Factor on the base rate. */
  private double scale(int batchSize) {
    BatchScaling scaling = rate.choice("batch-scaling", BatchScaling.class);
    if (rate.optionalText("reference-batch-size").isEmpty()) {
      if (scaling != BatchScaling.LINEAR) {
        rate.problem(
            "batch-scaling",
            "found square-root, but nothing is scaled without reference-batch-size; give the batch"
                + " size that the base rate is for, or remove this key");
      }
      return 1;
    }
    double larger = (double) batchSize / rate.integer("reference-batch-size", 1, MANY);
    return scaling == BatchScaling.LINEAR ? larger : Math.sqrt(larger);
  }

  private RateShape shape(Span warmup) {
    RateShape.ShapeName kind = rate.choice("shape", RateShape.ShapeName.class);
    double end = rate.number("end", 0, 1);
    double power = rate.number("power", 0.01, 100);
    boolean falls = kind == RateShape.ShapeName.COSINE || kind == RateShape.ShapeName.POLYNOMIAL;
    refuse(end != 0 && !falls, "end", "cosine and polynomial end at a share of the base rate");
    refuse(power != 1 && kind != RateShape.ShapeName.POLYNOMIAL, "power", "polynomial has a power");
    boolean drops = rate.optionalText("drops").isPresent();
    refuse(drops && kind != RateShape.ShapeName.STEPS, "drops", "steps has drops");
    if (kind == RateShape.ShapeName.ONE_CYCLE && warmup.amount() == 0) {
      rate.problem(
          "shape",
          "found one-cycle with a warm-up of 0, but the first part of the cycle is the warm-up;"
              + " give train.learning-rate.warmup, for example 9 epochs");
    }
    return switch (kind) {
      case COSINE -> new RateShape.Cosine(end);
      case CONSTANT -> new RateShape.Flat();
      case POLYNOMIAL -> new RateShape.Polynomial(power, end);
      case ONE_CYCLE -> new RateShape.OneCycle();
      case STEPS -> new RateShape.Steps(drops());
    };
  }

  private void refuse(boolean ignored, String key, String who) {
    if (ignored) {
      rate.problem(key, "only the shape " + who + "; remove this key or use that shape");
    }
  }

  private List<Stair> drops() {
    String text = rate.optionalText("drops").orElse("");
    String problem;
    try {
      if (Schedule.parse(text) instanceof Schedule.Stairs stairs) {
        problem = problem(stairs);
        if (problem.isEmpty()) {
          return stairs.stairs();
        }
      } else {
        problem = "is no list of drops";
      }
    } catch (IllegalArgumentException unreadable) {
      problem = "is no list of drops";
    }
    rate.problem(
        "drops",
        "found \"%s\", which %s; write factors on the base rate, for example \"%s\""
            .formatted(text, problem, DROPS));
    return List.of();
  }

  private static String problem(Schedule.Stairs stairs) {
    if (!(stairs.min() > 0) || stairs.max() > 1) {
      return "has a factor that is not above 0 and at most 1";
    }
    return stairs.stairs().stream().anyMatch(stair -> stair.start().amount() == 0)
        ? "drops at the start, where the base rate itself can be lower"
        : "";
  }
}
