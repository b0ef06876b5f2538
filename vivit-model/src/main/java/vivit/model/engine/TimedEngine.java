package vivit.model.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * An engine that takes the time of every call and otherwise does what another does.
 *
 * <p>A call costs some hundred nanoseconds more. What an engine does after a call has returned, as
 * on a GPU, is not seen.
 */
public final class TimedEngine implements InvocationHandler {

  private final Engine engine;
  private final EngineTimes times;

  private TimedEngine(Engine engine, EngineTimes times) {
    this.engine = engine;
    this.times = times;
  }

  /**
   * The engine with a stopwatch; closing it closes the engine.
   *
   * @param times what the calls' durations are added to
   */
  public static Engine of(Engine engine, EngineTimes times) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            new TimedEngine(engine, times));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    long start = System.nanoTime();
    try {
      return method.invoke(engine, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    } finally {
      times.add(EngineTimes.Part.of(method.getName()), System.nanoTime() - start);
    }
  }
}
