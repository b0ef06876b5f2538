package vivit.model.engine;

import java.util.EnumMap;
import java.util.Map;

/** Where an engine's time went, by kind of operation. Used by one thread. */
public final class EngineTimes {

  private final Map<Part, Long> nanos = new EnumMap<>(Part.class);
  private boolean paused;

  /** No time so far. */
  public EngineTimes() {
    for (Part part : Part.values()) {
      nanos.put(part, 0L);
    }
  }

  /** Kinds of operations. */
  public enum Part {
    /** {@code x W + b} and its variants. */
    LINEAR,
    /** Gradients of linear operations with respect to their inputs. */
    LINEAR_INPUT_GRADIENT,
    /** Gradients of linear operations with respect to kernels and biases. */
    LINEAR_PARAMETER_GRADIENT,
    /** Scaled dot-product attention. */
    ATTENTION,
    /** Its gradient. */
    ATTENTION_GRADIENT,
    /** Layer norm and its gradient. */
    LAYER_NORM,
    /** GELU and its gradient. */
    GELU,
    /** Everything else: positions, read-outs, masks, copies, memory. */
    OTHER;

    /** The kind of one of {@link Engine}'s methods. */
    static Part of(String method) {
      if (method.startsWith("linear")) {
        return method.endsWith("InputGradient")
            ? LINEAR_INPUT_GRADIENT
            : method.endsWith("ParameterGradient") ? LINEAR_PARAMETER_GRADIENT : LINEAR;
      }
      if (method.startsWith("attention")) {
        return method.endsWith("Gradient") ? ATTENTION_GRADIENT : ATTENTION;
      }
      if (method.startsWith("layerNorm")) {
        return LAYER_NORM;
      }
      return method.startsWith("gelu") ? GELU : OTHER;
    }
  }

  /** Counts no calls until {@link #resume}. */
  public void pause() {
    paused = true;
  }

  /** Counts calls again. */
  public void resume() {
    paused = false;
  }

  void add(Part part, long spent) {
    if (!paused) {
      nanos.merge(part, spent, Long::sum);
    }
  }

  /** Nanoseconds of every kind since the beginning, in the kinds' order. */
  public Map<Part, Long> nanos() {
    return new EnumMap<>(nanos);
  }
}
