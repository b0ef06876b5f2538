package vivit.model.network;

import vivit.model.engine.Tensor;

/**
 * Sees a pass's intermediate results. Names are the parameters' roots: {@code embedding}, {@code
 * Transformer/posembed_input}, {@code Transformer/encoderblock_0/after_attention} (also {@code
 * after_space} and {@code after_time}), {@code Transformer/encoderblock_0}, {@code
 * Transformer/encoder_norm} and {@code pre_head}.
 */
@FunctionalInterface
public interface Activations {

  /** Sees none. */
  Activations UNSEEN = (name, values) -> {};

  /**
   * Called when a result is complete. {@code encoder_norm} holds the first token alone where only
   * that is read.
   *
   * @param values valid during the call only
   */
  void see(String name, Tensor values);
}
