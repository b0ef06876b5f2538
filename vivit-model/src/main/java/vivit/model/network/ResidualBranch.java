package vivit.model.network;

import java.util.List;
import java.util.Optional;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.network.BackwardBuffers.AttentionGradients;
import vivit.model.network.BackwardBuffers.BranchGradients;
import vivit.model.network.EncoderMasks.BranchMasks;
import vivit.model.network.ForwardBuffers.AttentionStash;
import vivit.model.network.ForwardBuffers.BranchStash;
import vivit.model.network.ForwardBuffers.PassSize;
import vivit.model.regularise.DropoutMask;
import vivit.model.variant.AttentionView;
import vivit.model.variant.EncoderPlan;

/**
 * A pre-norm residual branch; docs/vivit.md, 2.3.
 *
 * <pre>{@code
 * y = x + keep * dropout(f(layerNorm(x) W_1 + b_1) W_2 + b_2)
 * }</pre>
 *
 * where {@code f} is scaled dot-product attention over one or more views of the tokens, or a GELU.
 */
final class ResidualBranch {

  private static final int PACKED = 3;

  private final Engine engine;
  private final List<AttentionView> views;
  private final BranchTensors parameters;

  ResidualBranch(Engine engine, EncoderPlan.Branch plan, BranchTensors parameters) {
    this.engine = engine;
    this.parameters = parameters;
    views = plan instanceof EncoderPlan.Attention attention ? attention.views() : List.of();
  }

  /**
   * The parameters of a branch, or their gradients: layer norm and two dense layers. The first
   * layer of an attention is query, key and value packed side by side.
   */
  record BranchTensors(
      Tensor scale,
      Tensor shift,
      Tensor firstKernel,
      Tensor firstBias,
      Tensor secondKernel,
      Tensor secondBias) {

    static BranchTensors of(FlatTensors flat, String block, EncoderPlan.Branch branch) {
      String norm = block + "/" + branch.norm() + "/";
      String module = block + "/" + branch.module() + "/";
      Tensor scale = flat.vector(norm + "scale");
      Tensor shift = flat.vector(norm + "bias");
      if (branch instanceof EncoderPlan.Attention) {
        return new BranchTensors(
            scale,
            shift,
            flat.packedKernel(
                module + "query/kernel", module + "key/kernel", module + "value/kernel"),
            flat.packedVector(module + "query/bias", module + "key/bias", module + "value/bias"),
            flat.kernel(module + "out/kernel"),
            flat.vector(module + "out/bias"));
      }
      return new BranchTensors(
          scale,
          shift,
          flat.kernel(module + "Dense_0/kernel"),
          flat.vector(module + "Dense_0/bias"),
          flat.kernel(module + "Dense_1/kernel"),
          flat.vector(module + "Dense_1/bias"));
    }
  }

  /** The attention's views of the tokens; empty for an MLP. */
  List<AttentionView> views() {
    return views;
  }

  /** Width of the first dense layer's output: 3 d in an attention, m in an MLP. */
  long firstOutputWidth(PassSize size) {
    return views.isEmpty() ? size.mlpWidth() : PACKED * size.width();
  }

  /** Width of the second dense layer's input: d in an attention, m in an MLP. */
  long secondInputWidth(PassSize size) {
    return views.isEmpty() ? size.mlpWidth() : size.width();
  }

  /** Runs the forward pass, {@code [b, n, d]} to {@code [b, n, d]}; fills the stash. */
  void forward(Tensor x, BranchMasks masks, BranchStash stash, Tensor y) {
    BranchTensors p = parameters;
    engine.layerNorm(x, p.scale(), p.shift(), stash.statistics(), stash.normalised());
    engine.linear(stash.normalised(), p.firstKernel(), p.firstBias(), stash.firstOutput());
    if (views.isEmpty()) {
      engine.gelu(stash.firstOutput(), stash.secondInput());
      dropout(stash.secondInput(), masks.middle().get(0));
    } else {
      for (int i = 0; i < views.size(); i++) {
        AttentionStash view = stash.attentions().get(i);
        engine.attention(
            view.packed(), views.get(i).heads(), masks.middle().get(i), view.stash(), view.out());
      }
    }
    if (!masks.changeOutput()) {
      engine.linearResidual(stash.secondInput(), p.secondKernel(), p.secondBias(), x, y);
      return;
    }
    engine.linear(stash.secondInput(), p.secondKernel(), p.secondBias(), y);
    dropout(y, masks.output());
    if (masks.keep().isPresent()) {
      engine.addBranch(x, y, masks.keep().get(), y);
    } else {
      engine.add(x, y);
    }
  }

  /**
   * Runs the backward pass.
   *
   * @param own the shared memory as this branch uses it
   * @param g parameter gradients, overwritten
   * @param gradient with respect to the output; becomes the gradient with respect to the input
   */
  void backward(
      Tensor x,
      BranchMasks masks,
      BranchStash stash,
      BackwardBuffers shared,
      BranchGradients own,
      BranchTensors g,
      Tensor gradient) {
    BranchTensors p = parameters;
    Tensor output = outputGradient(gradient, masks, shared.branchOutput());
    engine.linearParameterGradient(stash.secondInput(), output, g.secondKernel(), g.secondBias());
    engine.linearInputGradient(output, p.secondKernel(), own.secondInput());
    if (views.isEmpty()) {
      dropout(own.secondInput(), masks.middle().get(0));
      engine.geluGradient(stash.firstOutput(), own.secondInput(), own.firstOutput());
    } else {
      for (int i = 0; i < views.size(); i++) {
        AttentionStash view = stash.attentions().get(i);
        AttentionGradients gradients = own.attentions().get(i);
        engine.attentionGradient(
            view.packed(),
            views.get(i).heads(),
            masks.middle().get(i),
            view.stash(),
            view.out(),
            gradients.out(),
            gradients.packed());
      }
    }
    engine.linearParameterGradient(
        stash.normalised(), own.firstOutput(), g.firstKernel(), g.firstBias());
    engine.linearInputGradient(own.firstOutput(), p.firstKernel(), shared.normalised());
    engine.layerNormGradient(
        x, stash.statistics(), p.scale(), shared.normalised(), gradient, g.scale(), g.shift());
  }

  private Tensor outputGradient(Tensor gradient, BranchMasks masks, Tensor scratch) {
    if (!masks.changeOutput()) {
      return gradient;
    }
    if (masks.keep().isPresent()) {
      engine.maskBranch(gradient, masks.keep().get(), scratch);
    } else {
      engine.copy(gradient, scratch);
    }
    dropout(scratch, masks.output());
    return scratch;
  }

  private void dropout(Tensor tensor, Optional<DropoutMask> mask) {
    mask.ifPresent(present -> engine.dropout(tensor, present, tensor));
  }
}
