package vivit.model.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Reuses buffers from pass to pass: every pass over the network takes its buffers in the same
 * order, and the i-th buffer uses the memory of the i-th buffer of the previous pass, which grows
 * only when needed.
 */
public final class Arena {

  private final Engine engine;
  private final List<Tensor> buffers = new ArrayList<>();
  private int next;

  /** Creates an empty arena. */
  public Arena(Engine engine) {
    this.engine = engine;
  }

  /** Starts over: all tensors taken so far become invalid. */
  public void rewind() {
    next = 0;
  }

  /** Takes the next buffer: a row-major tensor with undefined contents. */
  public Tensor take(long... shape) {
    long length = 1;
    for (long size : shape) {
      length = Math.multiplyExact(length, size);
    }
    if (next == buffers.size()) {
      buffers.add(engine.allocate(length));
    } else if (buffers.get(next).length() < length) {
      engine.release(buffers.get(next));
      buffers.set(next, engine.allocate(length));
    }
    return buffers.get(next++).rowMajor(0, shape);
  }
}
