package vivit.model.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.parameter.Initialisation;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.Parameter.Order;
import vivit.model.parameter.ParameterIndex;

/**
 * Names the backbone's parameters for DL4J, which splits its keys at underscores, so {@code _}
 * becomes {@code -}: {@code SpatialTransformer/encoderblock-0/LayerNorm-0/scale}.
 */
final class ViViTParameters implements ParamInitializer {

  static final ViViTParameters INSTANCE = new ViViTParameters();

  private ViViTParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return index(layer).length();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return index(layer).parameters().stream().map(ViViTParameters::key).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return paramKeys(layer).stream().filter(key -> isWeightParam(layer, key)).toList();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return paramKeys(layer).stream().filter(key -> isBiasParam(layer, key)).toList();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return !isBiasParam(layer, key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return key.endsWith("/bias");
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray flat, boolean initialise) {
    ViViTLayer layer = (ViViTLayer) conf.getLayer();
    Map<String, INDArray> views = getGradientsFromFlattened(conf, flat);
    for (Parameter parameter : index(layer).parameters()) {
      conf.addVariable(key(parameter));
      if (initialise) {
        initialise(parameter, layer.seed(), slice(flat, parameter));
      }
    }
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray flat) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    for (Parameter parameter : index(conf.getLayer()).parameters()) {
      INDArray slice = slice(flat, parameter);
      views.put(
          key(parameter),
          parameter.order() == Order.COLUMN_MAJOR
              ? slice.reshape('f', parameter.rows(), parameter.columns())
              : slice);
    }
    return views;
  }

  private static void initialise(Parameter parameter, long seed, INDArray view) {
    double[] values = Initialisation.values(parameter, seed);
    try (INDArray source = Nd4j.createFromArray(values);
        INDArray cast = source.castTo(view.dataType())) {
      view.assign(cast);
    }
  }

  private static INDArray slice(INDArray flat, Parameter parameter) {
    return flat.reshape(flat.length())
        .get(NDArrayIndex.interval(parameter.offset(), parameter.offset() + parameter.length()));
  }

  private static ParameterIndex index(Layer layer) {
    return ParameterIndex.backbone(((ViViTLayer) layer).config());
  }

  private static String key(Parameter parameter) {
    return parameter.name().replace('_', '-');
  }
}
