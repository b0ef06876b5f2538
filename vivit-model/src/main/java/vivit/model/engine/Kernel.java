package vivit.model.engine;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A oneDNN primitive for one shape, with its stream, arguments and scratch memory; every run binds
 * new addresses. Not thread-safe.
 */
final class Kernel implements AutoCloseable {

  private final dnnl_primitive primitive = new dnnl_primitive();
  private final dnnl_stream stream = new dnnl_stream();
  private final dnnl_exec_arg_t arguments;
  private final dnnl_memory[] memories;
  private final FloatPointer scratch;
  private int bound;

  /**
   * Creates a kernel from a description, which is destroyed.
   *
   * @param order of the arguments, in which {@link #with} binds them
   */
  private Kernel(dnnl_primitive_desc description, Argument... order) {
    OneDnn.check("dnnl_primitive_create", dnnl_primitive_create(primitive, description));
    OneDnn.check("dnnl_stream_create", dnnl_stream_create(stream, OneDnn.CPU, 0));
    dnnl_memory_desc room =
        new dnnl_memory_desc(
            dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0));
    scratch = new FloatPointer(dnnl_memory_desc_get_size(room) / Address.BYTES + 1);
    memories = new dnnl_memory[order.length + 1];
    arguments = new dnnl_exec_arg_t(memories.length);
    for (int i = 0; i < order.length; i++) {
      argument(i, order[i].role(), order[i].array());
    }
    argument(order.length, DNNL_ARG_SCRATCHPAD, room);
    dnnl_memory_set_data_handle(memories[order.length], scratch);
    dnnl_primitive_desc_destroy(description);
  }

  private record Argument(int role, dnnl_memory_desc array) {}

  private void argument(int i, int role, dnnl_memory_desc array) {
    memories[i] = new dnnl_memory();
    OneDnn.check(
        "dnnl_memory_create", dnnl_memory_create(memories[i], array, OneDnn.CPU, (Pointer) null));
    arguments.position(i).arg(role).memory(memories[i]);
    arguments.position(0);
  }

  /** Softmax over the last axis of {@code [rows, columns]}: source, result. */
  static Kernel softmax(long rows, long columns) {
    dnnl_memory_desc array = OneDnn.array(rows, columns);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    dnnl_primitive_attr attributes = attributes();
    OneDnn.check(
        "dnnl_softmax_forward_primitive_desc_create",
        dnnl_softmax_forward_primitive_desc_create(
            description,
            OneDnn.CPU,
            dnnl_forward_inference,
            dnnl_softmax_accurate,
            array,
            array,
            1,
            attributes));
    return alike(description, attributes, array, DNNL_ARG_SRC, DNNL_ARG_DST);
  }

  /** Exponentials of {@code count} numbers: source, result. */
  static Kernel exponential(long count) {
    dnnl_memory_desc array = OneDnn.array(count);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    dnnl_primitive_attr attributes = attributes();
    OneDnn.check(
        "dnnl_eltwise_forward_primitive_desc_create",
        dnnl_eltwise_forward_primitive_desc_create(
            description,
            OneDnn.CPU,
            dnnl_forward_inference,
            dnnl_eltwise_exp,
            array,
            array,
            0,
            0,
            attributes));
    return alike(description, attributes, array, DNNL_ARG_SRC, DNNL_ARG_DST);
  }

  /** Products of {@code count} pairs of numbers: two factors, result. */
  static Kernel product(long count) {
    dnnl_memory_desc array = OneDnn.array(count);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    dnnl_primitive_attr attributes = attributes();
    OneDnn.check(
        "dnnl_binary_primitive_desc_create",
        dnnl_binary_primitive_desc_create(
            description, OneDnn.CPU, dnnl_binary_mul, array, array, array, attributes));
    return alike(description, attributes, array, DNNL_ARG_SRC_0, DNNL_ARG_SRC_1, DNNL_ARG_DST);
  }

  /** Creates a kernel whose arguments all have the same shape; destroys its descriptions. */
  private static Kernel alike(
      dnnl_primitive_desc description,
      dnnl_primitive_attr attributes,
      dnnl_memory_desc array,
      int... roles) {
    Kernel kernel =
        new Kernel(
            description,
            Arrays.stream(roles)
                .mapToObj(role -> new Argument(role, array))
                .toArray(Argument[]::new));
    dnnl_primitive_attr_destroy(attributes);
    dnnl_memory_desc_destroy(array);
    return kernel;
  }

  /** Layer norm of {@code [rows, width]}: source, scale, shift, mean, variance, result. */
  static Kernel layerNorm(long rows, long width) {
    dnnl_memory_desc array = OneDnn.array(rows, width);
    dnnl_memory_desc row = OneDnn.array(width);
    dnnl_memory_desc column = OneDnn.array(rows);
    dnnl_primitive_attr attributes = attributes();
    Kernel kernel =
        new Kernel(
            layerNormDescription(array, column, attributes),
            new Argument(DNNL_ARG_SRC, array),
            new Argument(DNNL_ARG_SCALE, row),
            new Argument(DNNL_ARG_SHIFT, row),
            new Argument(DNNL_ARG_MEAN, column),
            new Argument(DNNL_ARG_VARIANCE, column),
            new Argument(DNNL_ARG_DST, array));
    dnnl_primitive_attr_destroy(attributes);
    dnnl_memory_desc_destroy(array);
    dnnl_memory_desc_destroy(row);
    dnnl_memory_desc_destroy(column);
    return kernel;
  }

  private static dnnl_primitive_desc layerNormDescription(
      dnnl_memory_desc array, dnnl_memory_desc column, dnnl_primitive_attr attributes) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        "dnnl_layer_normalization_forward_primitive_desc_create",
        dnnl_layer_normalization_forward_primitive_desc_create(
            description,
            OneDnn.CPU,
            dnnl_forward_training,
            array,
            array,
            column,
            (float) Engine.LAYER_NORM_EPSILON,
            dnnl_use_scale | dnnl_use_shift,
            attributes));
    return description;
  }

  /**
   * Gradient of {@link #layerNorm}: source, scale, mean, variance and the gradient of the result
   * in; the gradients of source, scale and shift out.
   */
  static Kernel layerNormGradient(long rows, long width) {
    dnnl_memory_desc array = OneDnn.array(rows, width);
    dnnl_memory_desc row = OneDnn.array(width);
    dnnl_memory_desc column = OneDnn.array(rows);
    dnnl_primitive_attr attributes = attributes();
    dnnl_primitive_desc forward = layerNormDescription(array, column, attributes);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        "dnnl_layer_normalization_backward_primitive_desc_create",
        dnnl_layer_normalization_backward_primitive_desc_create(
            description,
            OneDnn.CPU,
            dnnl_backward,
            array,
            array,
            array,
            column,
            (float) Engine.LAYER_NORM_EPSILON,
            dnnl_use_scale | dnnl_use_shift,
            forward,
            attributes));
    dnnl_primitive_desc_destroy(forward);
    Kernel kernel =
        new Kernel(
            description,
            new Argument(DNNL_ARG_SRC, array),
            new Argument(DNNL_ARG_SCALE, row),
            new Argument(DNNL_ARG_MEAN, column),
            new Argument(DNNL_ARG_VARIANCE, column),
            new Argument(DNNL_ARG_DIFF_DST, array),
            new Argument(DNNL_ARG_DIFF_SRC, array),
            new Argument(DNNL_ARG_DIFF_SCALE, row),
            new Argument(DNNL_ARG_DIFF_SHIFT, row));
    dnnl_primitive_attr_destroy(attributes);
    dnnl_memory_desc_destroy(array);
    dnnl_memory_desc_destroy(row);
    dnnl_memory_desc_destroy(column);
    return kernel;
  }

  /**
   * Attributes of kernels that own their scratch memory, because kernels of several threads must
   * not share it.
   */
  private static dnnl_primitive_attr attributes() {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    OneDnn.check("dnnl_primitive_attr_create", dnnl_primitive_attr_create(attributes));
    OneDnn.check(
        "dnnl_primitive_attr_set_scratchpad_mode",
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
    return attributes;
  }

  /** Binds the next argument. */
  Kernel with(Address address) {
    OneDnn.check(
        "dnnl_memory_set_data_handle", dnnl_memory_set_data_handle(memories[bound++], address));
    return this;
  }

  /** Runs on the calling thread. */
  void run() {
    bound = 0;
    OneDnn.check(
        "dnnl_primitive_execute",
        dnnl_primitive_execute(primitive, stream, memories.length, arguments));
  }

  @Override
  public void close() {
    for (dnnl_memory memory : memories) {
      dnnl_memory_destroy(memory);
    }
    dnnl_primitive_destroy(primitive);
    dnnl_stream_destroy(stream);
    scratch.close();
    arguments.close();
  }
}
