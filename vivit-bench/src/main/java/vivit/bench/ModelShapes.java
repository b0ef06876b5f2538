package vivit.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.model.ViViTConfig;
import vivit.model.variant.AttentionView;
import vivit.model.variant.EncoderPlan;

/**
 * The matrix products of a step, each distinct shape once; heads are left out, since their few rows
 * take negligible time.
 *
 * @param linears shapes of linear operations, with their uses in a step
 * @param attentions shapes of attentions, with their number in a step
 */
record ModelShapes(Map<LinearShape, Uses> linears, Map<AttentionShape, Long> attentions) {

  /** The product of {@code [rows, in]} and {@code [in, out]}. */
  record LinearShape(long rows, long in, long out) {
    double multiplyAdds() {
      return (double) rows * in * out;
    }
  }

  /**
   * Number of times that a step runs a linear operation.
   *
   * @param forward number of forward operations, and of gradients of the parameters
   * @param inputGradient number of gradients of the input; 0 for the embedding, whose input is data
   */
  record Uses(long forward, long inputGradient) {
    private Uses plus(Uses other) {
      return new Uses(forward + other.forward, inputGradient + other.inputGradient);
    }
  }

  /**
   * Attention of some heads over sequences that one view groups.
   *
   * @param sequences of the batch
   * @param tokens of a sequence
   * @param width of a token
   */
  record AttentionShape(long sequences, long tokens, long width, AttentionView view) {
    /** Multiply-adds of the forward pass; the gradient has twice as many. */
    double multiplyAdds() {
      double pairs = (double) view.tokens() * view.tokens();
      double columns = (double) width / view.heads().heads() * view.heads().count();
      return 2 * sequences * view.groups() * pairs * columns;
    }
  }

  /** Collects the shapes of a step whose passes have these numbers of clips. */
  static ModelShapes of(ViViTConfig model, List<Integer> passes) {
    ModelShapes shapes = new ModelShapes(new LinkedHashMap<>(), new LinkedHashMap<>());
    passes.forEach(clips -> shapes.add(model, clips));
    return shapes;
  }

  private void add(ViViTConfig model, long clips) {
    long width = model.width();
    add(clips * model.grid().tokens(), model.tubelet().values(), width, new Uses(1, 0));
    for (EncoderPlan plan : model.encoders()) {
      long sequences = clips * plan.sequences();
      long tokens = plan.tokens() + (long) model.readout().extraTokens();
      long rows = sequences * tokens;
      Uses uses = new Uses(plan.layers(), plan.layers());
      for (EncoderPlan.Branch branch : plan.branches()) {
        if (branch instanceof EncoderPlan.Attention attention) {
          add(rows, width, 3 * width, uses);
          for (AttentionView view : attention.views()) {
            AttentionShape shape = new AttentionShape(sequences, tokens, width, view);
            attentions.merge(shape, (long) plan.layers(), Long::sum);
          }
          add(rows, width, width, uses);
        } else {
          add(rows, width, model.mlpWidth(), uses);
          add(rows, model.mlpWidth(), width, uses);
        }
      }
    }
    if (model.representationSize() > 0) {
      add(clips, width, model.representationSize(), new Uses(1, 1));
    }
  }

  private void add(long rows, long in, long out, Uses uses) {
    linears.merge(new LinearShape(rows, in, out), uses, Uses::plus);
  }

  /** Multiply-adds of all linear operations of a step, forward. */
  double linearMultiplyAdds() {
    return linears.entrySet().stream()
        .mapToDouble(entry -> entry.getKey().multiplyAdds() * entry.getValue().forward())
        .sum();
  }

  /** Multiply-adds of all gradients with respect to inputs of a step. */
  double inputGradientMultiplyAdds() {
    return linears.entrySet().stream()
        .mapToDouble(entry -> entry.getKey().multiplyAdds() * entry.getValue().inputGradient())
        .sum();
  }

  /** Multiply-adds of all attentions of a step, forward. */
  double attentionMultiplyAdds() {
    return attentions.entrySet().stream()
        .mapToDouble(entry -> entry.getKey().multiplyAdds() * entry.getValue())
        .sum();
  }
}
