package vivit.model.network;

import java.util.Optional;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/**
 * The pre-norm transformer block of Models 1, 2 and 4; reference section 1.5.
 *
 * <pre>{@code
 * h = x + keep_0 * attention(layerNorm(x))
 * y = h + keep_1 * mlp(layerNorm(h))
 * }</pre>
 */
final class EncoderBlock {

  private final Engine engine;
  private final int heads;
  private final BlockTensors parameters;

  EncoderBlock(Engine engine, int heads, BlockTensors parameters) {
    this.engine = engine;
    this.heads = heads;
    this.parameters = parameters;
  }

  /** One number per clip for each branch; absent where nothing is dropped. */
  record Keep(Optional<Tensor> attention, Optional<Tensor> mlp) {
    static final Keep ALL = new Keep(Optional.empty(), Optional.empty());
  }

  /** Tokens {@code [b, n, d]} in and out. */
  void forward(Tensor x, Keep keep, BlockStash stash, Tensor y) {
    BlockTensors p = parameters;
    engine.layerNorm(
        x,
        p.attentionScale(),
        p.attentionShift(),
        stash.attentionStatistics(),
        stash.attentionInput());
    engine.linear(stash.attentionInput(), p.packedKernel(), p.packedBias(), stash.packed());
    engine.attention(stash.packed(), heads, stash.probabilities(), stash.attended());
    Tensor h = stash.afterAttention();
    addBranch(
        stash.attended(), p.outKernel(), p.outBias(), x, keep.attention(), stash.mlpInput(), h);

    engine.layerNorm(h, p.mlpScale(), p.mlpShift(), stash.mlpStatistics(), stash.mlpInput());
    engine.linear(stash.mlpInput(), p.firstKernel(), p.firstBias(), stash.hidden());
    engine.gelu(stash.hidden(), stash.activated());
    addBranch(stash.activated(), p.secondKernel(), p.secondBias(), h, keep.mlp(), y, y);
  }

  /**
   * From the gradient at the output to the gradient at the input, in place in {@code gradient};
   * parameter gradients {@code g} are overwritten.
   */
  void backward(
      Tensor x,
      Keep keep,
      BlockStash stash,
      BlockGradients scratch,
      BlockTensors g,
      Tensor gradient) {
    BlockTensors p = parameters;
    Tensor branch = branchGradient(gradient, keep.mlp(), scratch);
    engine.linearParameterGradient(stash.activated(), branch, g.secondKernel(), g.secondBias());
    engine.linearInputGradient(branch, p.secondKernel(), scratch.hidden());
    engine.geluGradient(stash.hidden(), scratch.hidden(), scratch.hidden());
    engine.linearParameterGradient(
        stash.mlpInput(), scratch.hidden(), g.firstKernel(), g.firstBias());
    engine.linearInputGradient(scratch.hidden(), p.firstKernel(), scratch.token());
    engine.layerNormGradient(
        stash.afterAttention(),
        stash.mlpStatistics(),
        p.mlpScale(),
        scratch.token(),
        gradient,
        g.mlpScale(),
        g.mlpShift());

    branch = branchGradient(gradient, keep.attention(), scratch);
    engine.linearParameterGradient(stash.attended(), branch, g.outKernel(), g.outBias());
    engine.linearInputGradient(branch, p.outKernel(), scratch.token());
    engine.attentionGradient(
        stash.packed(), heads, stash.probabilities(), scratch.token(), scratch.packed());
    engine.linearParameterGradient(
        stash.attentionInput(), scratch.packed(), g.packedKernel(), g.packedBias());
    engine.linearInputGradient(scratch.packed(), p.packedKernel(), scratch.token());
    engine.layerNormGradient(
        x,
        stash.attentionStatistics(),
        p.attentionScale(),
        scratch.token(),
        gradient,
        g.attentionScale(),
        g.attentionShift());
  }

  /** {@code y = residual + keep * (x W + b)}; {@code branch} is scratch space and may be y. */
  private void addBranch(
      Tensor x,
      Tensor kernel,
      Tensor bias,
      Tensor residual,
      Optional<Tensor> keep,
      Tensor branch,
      Tensor y) {
    if (keep.isEmpty()) {
      engine.linearResidual(x, kernel, bias, residual, y);
    } else {
      engine.linear(x, kernel, bias, branch);
      engine.addBranch(residual, branch, keep.get(), y);
    }
  }

  private Tensor branchGradient(Tensor gradient, Optional<Tensor> keep, BlockGradients scratch) {
    if (keep.isEmpty()) {
      return gradient;
    }
    engine.maskBranch(gradient, keep.get(), scratch.branch());
    return scratch.branch();
  }
}
