package vivit.model.engine;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.Objects;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Calls oneDNN's C interface and converts its errors to exceptions. */
final class OneDnn {

  /** The CPU; lives as long as the JVM. */
  static final dnnl_engine CPU = cpu();

  private OneDnn() {}

  private static dnnl_engine cpu() {
    dnnl_engine engine = new dnnl_engine();
    check("dnnl_engine_create", dnnl_engine_create(engine, dnnl_cpu, 0));
    return engine;
  }

  /**
   * Loads the library.
   *
   * @throws LinkageError if there is no library for this platform
   */
  static void load() {
    Objects.requireNonNull(CPU);
  }

  /** Throws if a call failed. */
  static void check(String call, int status) {
    if (status != dnnl_success) {
      throw new IllegalStateException(
          "oneDNN's %s failed with status %d (1: out of memory, 2: invalid arguments, 3: not implemented, 5: runtime error)"
              .formatted(call, status));
    }
  }

  /** Whether a product reads a matrix as it is stored or transposed. */
  enum Side {
    PLAIN('N'),
    TRANSPOSED('T');

    private final byte code;

    Side(char code) {
      this.code = (byte) code;
    }
  }

  /**
   * {@code C = factor op(A) op(B) + keep C}, row-major, on the calling thread.
   *
   * @param m rows of C
   * @param n columns of C
   * @param k columns of op(A)
   * @param lda elements between rows of A as stored
   */
  static void multiply(
      Side sideA,
      Side sideB,
      long m,
      long n,
      long k,
      float factor,
      Address a,
      long lda,
      Address b,
      long ldb,
      float keep,
      Address c,
      long ldc) {
    int status = dnnl_sgemm(sideA.code, sideB.code, m, n, k, factor, a, lda, b, ldb, keep, c, ldc);
    check("dnnl_sgemm", status);
  }

  /** Describes a row-major float array; the caller destroys it. */
  static dnnl_memory_desc array(long... shape) {
    dnnl_memory_desc description = new dnnl_memory_desc();
    check(
        "dnnl_memory_desc_create_with_strides",
        dnnl_memory_desc_create_with_strides(
            description, shape.length, shape, dnnl_f32, Tensor.rowMajorStrides(shape)));
    return description;
  }
}
