package vivit.spark.probe;

import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterIndex;

/** A network without heads that computes the features of views. Not thread-safe. */
final class FrozenEncoder implements AutoCloseable {
  private final ViViTConfig config;
  private final Engine engine;
  private final INDArray parameters;
  private final Backbone backbone;

  /**
   * The features of a batch.
   *
   * @param representations {@code [b][r]}, what heads read
   * @param tokens {@code [b][m d]}: the last tokens, row-major; empty rows if they are not wanted
   */
  record Encoded(float[][] representations, float[][] tokens) {}

  /**
   * Builds the network.
   *
   * @param values writes the flat parameters of the backbone into the network's vector
   */
  FrozenEncoder(ViViTConfig config, Consumer<INDArray> values) {
    this.config = config;
    engine = Engines.create(DataType.FLOAT);
    parameters =
        Nd4j.createUninitializedDetached(DataType.FLOAT, ParameterIndex.backbone(config).length());
    values.accept(parameters);
    backbone = new Backbone(engine, config, Recompute.NOTHING, engine.adopt(parameters));
  }

  /** Computes the representations of views {@code [b, n, t p p 3]}. */
  Encoded representations(INDArray views) {
    long clips = views.size(0);
    try (INDArray output = detached(clips, config.representation())) {
      backbone.infer(engine.adopt(views), engine.adopt(output));
      return new Encoded(output.toFloatMatrix(), new float[(int) clips][0]);
    }
  }

  /** Computes the representations and the last tokens of views. */
  Encoded all(INDArray views) {
    long clips = views.size(0);
    long m = Backbone.outputTokens(config);
    try (INDArray output = detached(clips, config.representation());
        INDArray tokens = detached(clips, m * config.width())) {
      backbone.infer(
          engine.adopt(views),
          engine.adopt(output),
          engine.adopt(tokens).rowMajor(0, clips, m, config.width()));
      return new Encoded(output.toFloatMatrix(), tokens.toFloatMatrix());
    }
  }

  private static INDArray detached(long... shape) {
    return Nd4j.createUninitializedDetached(DataType.FLOAT, shape);
  }

  @Override
  public void close() {
    engine.close();
    parameters.close();
  }
}
