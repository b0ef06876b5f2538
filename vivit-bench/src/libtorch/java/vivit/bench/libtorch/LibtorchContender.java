package vivit.bench.libtorch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vivit.model.ViViTConfig;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.Parameter.Order;
import vivit.model.parameter.ParameterIndex;
import vivit.model.variant.FactorisedEncoder;

/**
 * The same step in PyTorch's own native library, loaded by DJL.
 *
 * <p>What kind of peer this is: eager PyTorch without Python. DJL's array operations know neither
 * fused attention nor GELU's tanh form, so the whole step, backward and update included, is one
 * TorchScript method; Java makes one call a step. TorchScript's own optimisations are off: every
 * line runs the kernel, and the autograd node, that eager PyTorch runs; a Python program of the
 * same operations gives bit-equal results. Attention is {@code scaled_dot_product_attention},
 * query, key and value are one product, clipping and update are the {@code foreach} kernels that
 * {@code torch.optim} uses, and the last norm sees only the token that is read out.
 */
final class LibtorchContender implements Contender {

  private static final String CLASS = "FactorisedEncoder";
  private static final String SOURCE = "factorised-encoder.torchscript";

  private final NDManager manager;
  private final Model model;
  private final PtSymbolBlock module;
  private final NDArray tokens;
  private final NDArray labels;
  private final NDArray sizes;
  private final NDArray rates;

  LibtorchContender(ViViTConfig config, Batch batch, float[] parameters) {
    manager = NDManager.newBaseManager("PyTorch");
    JniUtils.setGraphExecutorOptimize(false);
    model = Model.newInstance(CLASS, "PyTorch");
    module = load(model);
    tokens =
        manager.create(batch.pixels(), new Shape(batch.clips(), batch.tokens(), batch.values()));
    labels = manager.create(batch.classes());
    FactorisedEncoder variant = (FactorisedEncoder) config.variant();
    sizes =
        manager.create(
            new long[] {
              config.grid().time(),
              config.attentionHeads(),
              variant.spatialLayers(),
              variant.temporalLayers()
            });
    rates = manager.create(new double[] {LEARNING_RATE, MOMENTUM, LARGEST_NORM});
    try (NDManager scope = manager.newSubManager()) {
      NDArray[] tensors =
          pieces(ParameterIndex.of(config)).stream()
              .map(piece -> piece.copy(parameters, scope))
              .toArray(NDArray[]::new);
      call(scope, "place", tensors);
    }
  }

  /** Runs a method of the module with autograd; the results belong to the scope. */
  private NDList call(NDManager scope, String method, NDArray... arguments) {
    NDArray selector = scope.create(0);
    selector.setName("module_method:" + method);
    NDList inputs = new NDList(selector);
    inputs.addAll(List.of(arguments));
    return IValueUtils.forward(module, inputs, true);
  }

  private static PtSymbolBlock load(Model model) {
    try (InputStream text = LibtorchContender.class.getResourceAsStream(SOURCE)) {
      String source = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      model.load(TorchScriptArchive.of(CLASS, List.of("weights", "momenta"), source));
      return (PtSymbolBlock) model.getBlock();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    } catch (MalformedModelException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Query, key and value lie side by side in the flat vector and are one tensor here. */
  private static List<ParameterPiece> pieces(ParameterIndex index) {
    List<ParameterPiece> pieces = new ArrayList<>();
    for (Parameter parameter : index.parameters()) {
      String name = parameter.name();
      if (name.contains("/query/")) {
        pieces.add(ParameterPiece.of(parameter, 3));
      } else if (!name.contains("/key/") && !name.contains("/value/")) {
        pieces.add(ParameterPiece.of(parameter, 1));
      }
    }
    return pieces;
  }

  /** Part of the flat vector that is one tensor in PyTorch: {@code [out, in]} for kernels. */
  private record ParameterPiece(long offset, Shape shape) {

    static ParameterPiece of(Parameter parameter, int together) {
      if (parameter.order() == Order.COLUMN_MAJOR) {
        return new ParameterPiece(
            parameter.offset(), new Shape(together * parameter.columns(), parameter.rows()));
      }
      return new ParameterPiece(
          parameter.offset(),
          together > 1 ? new Shape(together * parameter.length()) : new Shape(parameter.shape()));
    }

    NDArray copy(float[] flat, NDManager scope) {
      int from = Math.toIntExact(offset);
      int to = Math.toIntExact(offset + shape.size());
      NDArray tensor = scope.create(Arrays.copyOfRange(flat, from, to), shape);
      tensor.setName("tensors[]");
      return tensor;
    }
  }

  @Override
  public String name() {
    return "libtorch " + model.getNDManager().getEngine().getVersion();
  }

  @Override
  public StepResult step() {
    try (NDManager scope = manager.newSubManager()) {
      NDList found = call(scope, "step", tokens, labels, sizes, rates);
      return new StepResult(found.get(0).getFloat(), found.get(1).getFloat());
    }
  }

  @Override
  public float[] parameters() {
    try (NDManager scope = manager.newSubManager()) {
      return call(scope, "values").get(0).toFloatArray();
    }
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
