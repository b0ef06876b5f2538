package vivit.model.describe;

import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.describe.CountingEngine.ShapeTensor;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.Randomness;

/**
 * Bytes of native memory that a worker allocates for training in float32 on a CPU.
 *
 * @param vectors parameters, gradients and momentum
 * @param activations results kept by a forward pass, and gradients of a backward pass
 * @param batch tokens of the clips
 * @param scratch memory of the engine, part of it per thread
 */
public record WorkerMemory(long vectors, long activations, long batch, long scratch) {

  private static final long BYTES = 4;
  private static final int VECTORS = 3;

  /**
   * Runs the network without numbers, on shapes only.
   *
   * @param clips in a micro-batch
   * @param threads of the engine
   */
  public static WorkerMemory of(ViViTConfig config, int clips, Recompute recompute, int threads) {
    CountingEngine engine = new CountingEngine(threads);
    Tensor flat = numbers(ParameterIndex.backbone(config).length());
    Backbone backbone = new Backbone(engine, config, recompute, flat);
    backbone.bindGradients(flat);
    Tensor tokens = numbers(clips, config.grid().tokens(), config.tubelet().values());
    Tensor representations = numbers(clips, config.representation());
    backbone.train(tokens, Randomness.none(clips), representations);
    backbone.backward(representations);
    return new WorkerMemory(
        VECTORS * ParameterIndex.of(config).length() * BYTES,
        (engine.allocated() + clips * atHeads(config)) * BYTES,
        tokens.length() * BYTES,
        engine.scratchBytes());
  }

  private static Tensor numbers(long... shape) {
    return new ShapeTensor(shape);
  }

  /** Elements per clip between backbone and loss: representation, logits, and gradients of both. */
  private static long atHeads(ViViTConfig config) {
    long logits = config.heads().stream().mapToLong(Head::classes).sum();
    return logits + (config.heads().size() + 1L) * config.representation();
  }

  /**
   * One vector as long as the parameters. A step of several micro-batches allocates another one.
   */
  public long vector() {
    return vectors / VECTORS;
  }

  /** The sum of all parts. */
  public long bytes() {
    return vectors + activations + batch + scratch;
  }
}
