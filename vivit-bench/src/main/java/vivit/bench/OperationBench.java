package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vivit.bench.Rounds.TimedOperation;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.variant.AttentionView;

/** Times the operations of a step one by one, each on its own tensors. */
public final class OperationBench implements AutoCloseable {

  private final BenchSettings settings;
  private final Engine engine;
  private final RandomTensors tensors;
  private final ModelShapes shapes;
  private final boolean training;

  private OperationBench(BenchSettings settings) {
    this.settings = settings;
    engine = settings.engine().create();
    tensors = new RandomTensors(engine);
    shapes = ModelShapes.of(settings.model(), settings.microBatches());
    training = settings.pass() == BenchSettings.StepKind.TRAINING;
  }

  /** Measures every distinct linear operation: forward, input gradient, parameter gradient. */
  public static OperationReport gemm(BenchSettings settings) {
    settings.limitThreads();
    try (OperationBench bench = new OperationBench(settings)) {
      return bench.measure(bench.linears());
    }
  }

  /** Measures every distinct attention: forward and gradient. */
  public static OperationReport attention(BenchSettings settings) {
    settings.limitThreads();
    try (OperationBench bench = new OperationBench(settings)) {
      return bench.measure(bench.attentions());
    }
  }

  private OperationReport measure(List<TimedOperation> operations) {
    try (GemmRate gemm = new GemmRate(settings.threads())) {
      int warmup = Rounds.warmUp(settings.warmup(), operations);
      List<Spread> seconds = new Rounds(gemm).measure(settings.steps(), operations);
      return OperationReport.of(Subject.of(settings), warmup, gemm.figures(), operations, seconds);
    }
  }

  private List<TimedOperation> linears() {
    List<TimedOperation> operations = new ArrayList<>();
    shapes.linears().forEach((shape, uses) -> add(shape, uses, operations));
    return operations;
  }

  private void add(ModelShapes.LinearShape shape, ModelShapes.Uses uses, List<TimedOperation> to) {
    Tensor x = tensors.take(shape.rows(), shape.in());
    Tensor kernel = tensors.kernel(shape.in(), shape.out());
    Tensor bias = tensors.take(shape.out());
    Tensor y = tensors.take(shape.rows(), shape.out());
    String text = "%d x %d x %d".formatted(shape.rows(), shape.in(), shape.out());
    double multiplyAdds = shape.multiplyAdds();
    to.add(
        new TimedOperation(
            "forward",
            text,
            uses.forward(),
            multiplyAdds,
            () -> engine.linear(x, kernel, bias, y)));
    if (!training) {
      return;
    }
    Tensor dx = tensors.take(shape.rows(), shape.in());
    Tensor dKernel = tensors.kernel(shape.in(), shape.out());
    Tensor dBias = tensors.take(shape.out());
    if (uses.inputGradient() > 0) {
      to.add(
          new TimedOperation(
              "input_gradient",
              text,
              uses.inputGradient(),
              multiplyAdds,
              () -> engine.linearInputGradient(y, kernel, dx)));
    }
    to.add(
        new TimedOperation(
            "parameter_gradient",
            text,
            uses.forward(),
            multiplyAdds,
            () -> engine.linearParameterGradient(x, y, dKernel, dBias)));
  }

  private List<TimedOperation> attentions() {
    List<TimedOperation> operations = new ArrayList<>();
    shapes.attentions().forEach((shape, count) -> add(shape, count, operations));
    return operations;
  }

  /** Tokens {@code [b, n, w]} as an attention view groups them. */
  private static Tensor grouped(Tensor tokens, AttentionView view) {
    return tokens.view(0, view.shape(tokens.shape()), view.strides(tokens.shape()));
  }

  private void add(ModelShapes.AttentionShape shape, long count, List<TimedOperation> to) {
    var view = shape.view();
    long b = shape.sequences();
    Tensor packed = grouped(tensors.take(b, shape.tokens(), 3 * shape.width()), view);
    Tensor out = grouped(tensors.take(b, shape.tokens(), shape.width()), view);
    Tensor stash = engine.allocate(engine.attentionStash(packed.shape(), view.heads()));
    String text =
        "%d sequences, %d tokens, %d heads of %d"
            .formatted(
                b * view.groups(),
                view.tokens(),
                view.heads().count(),
                shape.width() / view.heads().heads());
    to.add(
        new TimedOperation(
            "attention",
            text,
            count,
            shape.multiplyAdds(),
            () -> engine.attention(packed, view.heads(), Optional.empty(), stash, out)));
    if (!training) {
      return;
    }
    Tensor dOut = grouped(tensors.take(b, shape.tokens(), shape.width()), view);
    Tensor dPacked = grouped(tensors.take(b, shape.tokens(), 3 * shape.width()), view);
    to.add(
        new TimedOperation(
            "attention_gradient",
            text,
            count,
            2 * shape.multiplyAdds(),
            () ->
                engine.attentionGradient(
                    packed, view.heads(), Optional.empty(), stash, out, dOut, dPacked)));
  }

  @Override
  public void close() {
    tensors.close();
    engine.close();
  }
}
