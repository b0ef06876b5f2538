package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/**
 * Measures the rate at which this machine multiplies large float32 matrices with the threads of the
 * measurement: by the engine's linear operation, by its input gradient, and by ND4J's BLAS. The
 * fastest of the three is the machine's rate.
 *
 * <p>A {@link #probe} takes tens of milliseconds; probes before, between and after measurements run
 * under the same conditions as the measurements.
 */
final class GemmRate implements AutoCloseable {

  /** Number of rows and columns of all matrices; larger products are not faster. */
  private static final int SIZE = 1536;

  private static final double OPERATIONS = 2.0 * SIZE * SIZE * SIZE;

  private final Engine engine = EngineChoice.DEFAULT.create();
  private final Map<String, Runnable> products = new LinkedHashMap<>();
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final RandomTensors tensors = new RandomTensors(engine);
  private final int threads;

  /** Warms the products up. */
  GemmRate(int threads) {
    this.threads = threads;
    INDArray x = tensors.array(SIZE, SIZE);
    INDArray product = tensors.array(SIZE, SIZE);
    Tensor rows = engine.adopt(x);
    Tensor kernel = tensors.kernel(SIZE, SIZE);
    Tensor bias = tensors.take(SIZE);
    Tensor y = tensors.take(SIZE, SIZE);
    products.put("blas", () -> Nd4j.gemm(x, x, product.transpose(), true, true, 1, 0));
    products.put("engine_linear", () -> engine.linear(rows, kernel, bias, y));
    products.put("engine_gradient", () -> engine.linearInputGradient(rows, kernel, y));
    probe();
    products.keySet().forEach(name -> seconds.put(name, new ArrayList<>()));
  }

  /**
   * The machine's rate.
   *
   * @param gflops the largest of the sources, GFLOP/s
   * @param sources median of the probes of each source, GFLOP/s
   * @param probes number of probes
   * @param size rows and columns of the matrices
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Rates(double gflops, Map<String, Double> sources, int probes, int size) {}

  /** Measures every source once. */
  void probe() {
    int before = Nd4j.factory().blas().getMaxThreads();
    products.forEach(
        (name, product) -> {
          Nd4j.factory().blas().setMaxThreads(name.equals("blas") ? threads : before);
          long start = System.nanoTime();
          product.run();
          Nd4j.getExecutioner().commit();
          double spent = (System.nanoTime() - start) / 1e9;
          seconds.computeIfAbsent(name, unseen -> new ArrayList<>()).add(spent);
        });
  }

  /** The figures of all probes so far except the first, a warm-up. */
  Rates figures() {
    Map<String, Double> sources = new LinkedHashMap<>();
    seconds.forEach(
        (name, probes) -> sources.put(name, OPERATIONS / Spread.of(probes).median() / 1e9));
    return new Rates(
        sources.values().stream().mapToDouble(rate -> rate).max().orElseThrow(),
        sources,
        seconds.get("blas").size(),
        SIZE);
  }

  @Override
  public void close() {
    engine.close();
    tensors.close();
  }
}
