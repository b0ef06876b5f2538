package vivit.model.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

/** Collects the results of every layer for one clip, for comparing two models layer by layer. */
public final class LayerActivations {

  private LayerActivations() {}

  /**
   * Runs a model on one clip in float32.
   *
   * @param parameters flat, laid out as {@link ParameterIndex#of}
   * @param tokens flattened tubelets {@code [n_t S, t p p 3]}
   * @return by name, in the order of the network, row-major; the heads' logits last
   */
  public static Map<String, float[]> of(ViViTConfig config, float[] parameters, float[] tokens) {
    ParameterIndex index = ParameterIndex.of(config);
    long backbone = ParameterIndex.backbone(config).length();
    Map<String, float[]> activations = new LinkedHashMap<>();
    try (Engine engine = Engines.create(DataType.FLOAT);
        INDArray flat = Nd4j.createFromArray(parameters);
        INDArray input = Nd4j.createFromArray(tokens);
        INDArray output = Nd4j.create(DataType.FLOAT, 1, config.representation())) {
      Backbone network =
          new Backbone(engine, config, Recompute.NOTHING, engine.adopt(flat).rowMajor(0, backbone));
      network.observe(
          (name, values) -> {
            try (INDArray copy = Nd4j.create(DataType.FLOAT, values.length())) {
              engine.copy(values.rowMajor(0, values.length()), engine.adopt(copy));
              activations.put(name, copy.toFloatVector());
            }
          });
      network.infer(
          engine.adopt(input).rowMajor(0, 1, config.grid().tokens(), config.tubelet().values()),
          engine.adopt(output));
      float[] representation = output.toFloatMatrix()[0];
      for (Head head : config.heads()) {
        String root = ParameterIndex.headRoot(config, head);
        activations.put("logits/" + head.name(), logits(representation, index, root, parameters));
      }
    }
    return activations;
  }

  private static float[] logits(
      float[] representation, ParameterIndex index, String root, float[] parameters) {
    Parameter kernel = index.parameter(root + "/kernel");
    Parameter bias = index.parameter(root + "/bias");
    float[] logits = new float[(int) bias.length()];
    for (int k = 0; k < logits.length; k++) {
      double sum = parameters[(int) bias.offset() + k];
      for (int i = 0; i < representation.length; i++) {
        // the input index is fastest
        int at = (int) kernel.offset() + k * representation.length + i;
        sum += (double) representation[i] * parameters[at];
      }
      logits[k] = (float) sum;
    }
    return logits;
  }
}
