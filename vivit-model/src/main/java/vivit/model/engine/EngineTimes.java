package vivit.model.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Map;

/**
 * Measures the time spent in an engine, by kind of operation. Not thread-safe.
 *
 * <p>Timing adds a few hundred nanoseconds to a call. Work that continues after a call has
 * returned, as on a GPU, is not counted.
 */
public final class EngineTimes {

  private final Map<OperationKind, Long> nanos = new EnumMap<>(OperationKind.class);
  private boolean paused;

  /** Creates a measurement with all times at zero. */
  public EngineTimes() {
    for (OperationKind kind : OperationKind.values()) {
      nanos.put(kind, 0L);
    }
  }

  /** Kinds of operations. */
  public enum OperationKind {
    /** {@code x W + b} and its variants. */
    LINEAR,
    /** Gradients of linear operations with respect to their inputs. */
    LINEAR_INPUT_GRADIENT,
    /** Gradients of linear operations with respect to kernels and biases. */
    LINEAR_PARAMETER_GRADIENT,
    /** Scaled dot-product attention. */
    ATTENTION,
    /** Gradients of scaled dot-product attention. */
    ATTENTION_GRADIENT,
    /** Layer norm and its gradient. */
    LAYER_NORM,
    /** GELU and its gradient. */
    GELU,
    /** All other operations: positions, read-outs, masks, copies, memory. */
    OTHER;

    /** The kind of a method of {@link Engine}. */
    static OperationKind of(String method) {
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

  /** Stops counting until {@link #resume}. */
  public void pause() {
    paused = true;
  }

  /** Resumes counting. */
  public void resume() {
    paused = false;
  }

  /** The engine with its calls timed here; closing the result closes the engine. */
  public Engine timed(Engine engine) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> time(engine, method, arguments));
  }

  private Object time(Engine engine, Method method, Object[] arguments) throws Throwable {
    long start = System.nanoTime();
    try {
      return method.invoke(engine, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    } finally {
      if (!paused) {
        long spent = System.nanoTime() - start;
        nanos.merge(OperationKind.of(method.getName()), spent, Long::sum);
      }
    }
  }

  /** Nanoseconds counted so far, by kind. */
  public Map<OperationKind, Long> nanos() {
    return new EnumMap<>(nanos);
  }
}
