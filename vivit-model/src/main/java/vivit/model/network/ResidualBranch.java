package vivit.model.network;

import java.util.List;
import java.util.Optional;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.regularise.DropoutMask;
import vivit.model.variant.AttentionView;
import vivit.model.variant.EncoderPlan;

/**
 * A pre-norm residual branch; reference section 1.5.
 *
 * <pre>{@code
 * y = x + keep * dropout(middle(layerNorm(x) W_1 + b_1) W_2 + b_2)
 * }</pre>
 *
 * where the middle is scaled dot-product attention over one or more views of the tokens, or a GELU.
 */
final class ResidualBranch {

  private static final int PACKED = 3;

  private final Engine engine;
  private final EncoderPlan.Branch plan;
  private final List<AttentionView> views;
  private final BranchTensors parameters;

  ResidualBranch(Engine engine, EncoderPlan.Branch plan, BranchTensors parameters) {
    this.engine = engine;
    this.plan = plan;
    this.parameters = parameters;
    views = plan instanceof EncoderPlan.Attention attention ? attention.views() : List.of();
  }

  EncoderPlan.Branch plan() {
    return plan;
  }

  /** How an attention sees the tokens; empty for an MLP. */
  List<AttentionView> views() {
    return views;
  }

  /** Width of the first dense layer's output. */
  long wideWidth(BlockSize size) {
    return views.isEmpty() ? size.mlpWidth() : PACKED * size.width();
  }

  /** Width of the second dense layer's input. */
  long innerWidth(BlockSize size) {
    return views.isEmpty() ? size.mlpWidth() : size.width();
  }

  /** Tokens {@code [b, n, d]} in and out. */
  void forward(Tensor x, Chance chance, BranchStash stash, Tensor y) {
    BranchTensors p = parameters;
    engine.layerNorm(x, p.scale(), p.shift(), stash.statistics(), stash.normalised());
    engine.linear(stash.normalised(), p.firstKernel(), p.firstBias(), stash.wide());
    if (views.isEmpty()) {
      engine.gelu(stash.wide(), stash.inner());
      dropout(stash.inner(), chance.inner().get(0));
    } else {
      for (int i = 0; i < views.size(); i++) {
        BranchStash.Attended seen = stash.attended().get(i);
        engine.attention(
            seen.wide(), views.get(i).heads(), chance.inner().get(i), seen.kept(), seen.inner());
      }
    }
    if (!chance.changesOutput()) {
      engine.linearResidual(stash.inner(), p.secondKernel(), p.secondBias(), x, y);
      return;
    }
    engine.linear(stash.inner(), p.secondKernel(), p.secondBias(), y);
    dropout(y, chance.output());
    if (chance.keep().isPresent()) {
      engine.addBranch(x, y, chance.keep().get(), y);
    } else {
      engine.add(x, y);
    }
  }

  /**
   * From the gradient at the output to the gradient at the input, in place in {@code gradient};
   * parameter gradients {@code g} are overwritten.
   */
  void backward(
      Tensor x,
      Chance chance,
      BranchStash stash,
      BranchGradients scratch,
      BranchGradients.OfBranch own,
      BranchTensors g,
      Tensor gradient) {
    BranchTensors p = parameters;
    Tensor output = outputGradient(gradient, chance, scratch.output());
    engine.linearParameterGradient(stash.inner(), output, g.secondKernel(), g.secondBias());
    engine.linearInputGradient(output, p.secondKernel(), own.inner());
    if (views.isEmpty()) {
      dropout(own.inner(), chance.inner().get(0));
      engine.geluGradient(stash.wide(), own.inner(), own.wide());
    } else {
      for (int i = 0; i < views.size(); i++) {
        BranchStash.Attended seen = stash.attended().get(i);
        BranchGradients.Seen gradients = own.seen().get(i);
        engine.attentionGradient(
            seen.wide(),
            views.get(i).heads(),
            chance.inner().get(i),
            seen.kept(),
            seen.inner(),
            gradients.inner(),
            gradients.wide());
      }
    }
    engine.linearParameterGradient(stash.normalised(), own.wide(), g.firstKernel(), g.firstBias());
    engine.linearInputGradient(own.wide(), p.firstKernel(), scratch.token());
    engine.layerNormGradient(
        x, stash.statistics(), p.scale(), scratch.token(), gradient, g.scale(), g.shift());
  }

  private Tensor outputGradient(Tensor gradient, Chance chance, Tensor scratch) {
    if (!chance.changesOutput()) {
      return gradient;
    }
    if (chance.keep().isPresent()) {
      engine.maskBranch(gradient, chance.keep().get(), scratch);
    } else {
      engine.copy(gradient, scratch);
    }
    dropout(scratch, chance.output());
    return scratch;
  }

  private void dropout(Tensor tensor, Optional<DropoutMask> mask) {
    mask.ifPresent(present -> engine.dropout(tensor, present, tensor));
  }
}
