package vivit.model.parameter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.parameter.Parameter.Order;
import vivit.model.shape.Tubelet;
import vivit.model.variant.EncoderPlan;

/**
 * Names, shapes and offsets of all parameters in the flat vector, in order and without gaps.
 *
 * <p>Names are Scenic's. With several heads, Scenic's one {@code output_projection} is split:
 * {@code output_projection/<head>/kernel}.
 */
public final class ParameterIndex {

  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private final List<Parameter> parameters;
  private final long length;

  private ParameterIndex(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
    long end = 0;
    for (Parameter parameter : parameters) {
      if (parameter.offset() != end) {
        throw new IllegalArgumentException(
            "Parameter %s starts at %d, expected %d"
                .formatted(parameter.name(), parameter.offset(), end));
      }
      if (byName.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("Two parameters are called " + parameter.name());
      }
      end = Math.addExact(end, parameter.length());
    }
    length = end;
  }

  /**
   * Lays out the parameters of a model: backbone, then heads. Allocates no numbers.
   *
   * @throws IllegalArgumentException if there are more numbers than a {@code long} counts
   */
  public static ParameterIndex of(ViViTConfig config) {
    try {
      Layout layout = backboneLayout(config);
      for (Head head : config.heads()) {
        String prefix = headRoot(config, head) + "/";
        layout.kernel(
            prefix + "kernel", config.representation(), config.representation(), head.classes());
        layout.vector(prefix + "bias", head.classes());
      }
      return new ParameterIndex(layout.parameters);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "Impossible model: its parameters of width %d are too many to count"
              .formatted(config.width()),
          overflow);
    }
  }

  /** Lays out the parameters of a model without its heads. */
  public static ParameterIndex backbone(ViViTConfig config) {
    return new ParameterIndex(backboneLayout(config).parameters);
  }

  /** All parameters, in order of offset. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Number of elements of the flat vector. */
  public long length() {
    return length;
  }

  /** Finds a parameter by name; refuses unknown names. */
  public Parameter parameter(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "No parameter is called %s; there are %d, from %s to %s"
              .formatted(
                  name,
                  parameters.size(),
                  parameters.get(0).name(),
                  parameters.get(parameters.size() - 1).name()));
    }
    return parameter;
  }

  /** Whether a parameter of this name exists. */
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /** Prefix of a head's kernel and bias, without the slash. */
  public static String headRoot(ViViTConfig config, Head head) {
    return config.heads().size() == 1 ? "output_projection" : "output_projection/" + head.name();
  }

  private static Layout backboneLayout(ViViTConfig config) {
    Layout layout = new Layout();
    Tubelet tubelet = config.tubelet();
    long width = config.width();
    long[] patch = {tubelet.height(), tubelet.width(), Tubelet.CHANNELS, width};
    long[] cube = {tubelet.frames(), tubelet.height(), tubelet.width(), Tubelet.CHANNELS, width};
    layout.kernel("embedding/kernel", tubelet.values(), config.sampledFrames() > 0 ? patch : cube);
    layout.vector("embedding/bias", width);
    config.encoders().forEach(encoder -> layout.encoder(encoder, config));
    if (config.representationSize() > 0) {
      layout.kernel("pre_logits/kernel", width, width, config.representationSize());
      layout.vector("pre_logits/bias", config.representationSize());
    }
    return layout;
  }

  /** Appends parameters in order. */
  private static final class Layout {
    private final List<Parameter> parameters = new ArrayList<>();
    private long end;

    void add(String name, Order order, long rows, long... shape) {
      Parameter parameter = new Parameter(name, shape, rows, end, order);
      parameters.add(parameter);
      end += parameter.length();
    }

    void kernel(String name, long rows, long... shape) {
      add(name, Order.COLUMN_MAJOR, rows, shape);
    }

    void vector(String name, long... shape) {
      add(name, Order.ROW_MAJOR, 1, shape);
    }

    void encoder(EncoderPlan plan, ViViTConfig config) {
      long width = config.width();
      if (config.readout() == Readout.TOKEN) {
        vector(plan.token(), 1, 1, width);
      }
      vector(
          plan.name() + "/posembed_input/pos_embedding",
          1,
          (long) plan.tokens() + config.readout().extraTokens(),
          width);
      for (int layer = 0; layer < plan.layers(); layer++) {
        for (EncoderPlan.Branch branch : plan.branches()) {
          branch(plan.block(layer) + "/", branch, config);
        }
      }
      layerNorm(plan.name() + "/encoder_norm", width);
    }

    private void branch(String block, EncoderPlan.Branch branch, ViViTConfig config) {
      layerNorm(block + branch.norm(), config.width());
      String module = block + branch.module();
      if (branch instanceof EncoderPlan.Attention) {
        attention(module, config.width(), config.attentionHeads());
      } else {
        mlp(module, config.width(), config.mlpWidth());
      }
    }

    private void mlp(String name, long width, long hidden) {
      kernel(name + "/Dense_0/kernel", width, width, hidden);
      vector(name + "/Dense_0/bias", hidden);
      kernel(name + "/Dense_1/kernel", hidden, hidden, width);
      vector(name + "/Dense_1/bias", width);
    }

    /**
     * Query, key and value are consecutive: together one {@code [d, 3 d]} kernel and one {@code [3
     * d]} bias.
     */
    private void attention(String name, long width, long heads) {
      List<String> packed = List.of("query", "key", "value");
      for (String part : packed) {
        kernel(name + "/" + part + "/kernel", width, width, heads, width / heads);
      }
      for (String part : packed) {
        vector(name + "/" + part + "/bias", heads, width / heads);
      }
      kernel(name + "/out/kernel", width, heads, width / heads, width);
      vector(name + "/out/bias", width);
    }

    private void layerNorm(String name, long width) {
      vector(name + "/scale", width);
      vector(name + "/bias", width);
    }
  }
}
