package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone.Activations;
import vivit.model.network.EncoderMasks.BranchMasks;
import vivit.model.network.ForwardBuffers.PassSize;
import vivit.model.network.ResidualBranch.BranchTensors;
import vivit.model.regularise.DropoutMask;
import vivit.model.regularise.Randomness;
import vivit.model.variant.EncoderPlan;

/**
 * Computes positions, blocks, final layer norm and read-out: sequences of tokens {@code [b, n, d]}
 * in, one vector per sequence {@code [b, d]} out. One loop serves every variant.
 *
 * <p>Layer norm treats each token separately, so if a single token is read, only that token is
 * normalised.
 */
final class Encoder {

  private final Engine engine;
  private final EncoderPlan plan;
  private final ViViTConfig config;
  private final OuterTensors parameters;
  private final List<ResidualBranch> branches = new ArrayList<>();
  private Optional<EncoderGradients> gradients = Optional.empty();
  private Activations activations = Activations.IGNORED;

  Encoder(Engine engine, EncoderPlan plan, ViViTConfig config, FlatTensors parameters) {
    this.engine = engine;
    this.plan = plan;
    this.config = config;
    this.parameters = OuterTensors.of(parameters, plan, config.readout());
    for (int layer = 0; layer < plan.layers(); layer++) {
      for (EncoderPlan.Branch branch : plan.branches()) {
        BranchTensors tensors = BranchTensors.of(parameters, plan.block(layer), branch);
        branches.add(new ResidualBranch(engine, branch, tensors));
      }
    }
  }

  EncoderPlan plan() {
    return plan;
  }

  /** Shows the results of later forward passes to an observer. */
  void observe(Activations observer) {
    activations = observer;
  }

  /** Sets where later backward passes write parameter gradients. */
  void bindGradients(FlatTensors flat) {
    List<BranchTensors> ofBranches = new ArrayList<>();
    for (int layer = 0; layer < plan.layers(); layer++) {
      for (EncoderPlan.Branch branch : plan.branches()) {
        ofBranches.add(BranchTensors.of(flat, plan.block(layer), branch));
      }
    }
    gradients =
        Optional.of(
            new EncoderGradients(OuterTensors.of(flat, plan, config.readout()), ofBranches));
  }

  private record EncoderGradients(OuterTensors outer, List<BranchTensors> branches) {}

  /** Parameters outside the blocks, or their gradients. */
  private record OuterTensors(
      Optional<Tensor> token, Tensor positions, Tensor scale, Tensor shift) {
    static OuterTensors of(FlatTensors flat, EncoderPlan plan, Readout readout) {
      return new OuterTensors(
          readout == Readout.TOKEN ? Optional.of(flat.vector(plan.token())) : Optional.empty(),
          flat.table(plan.name() + "/posembed_input/pos_embedding"),
          flat.vector(plan.name() + "/encoder_norm/scale"),
          flat.vector(plan.name() + "/encoder_norm/bias"));
    }
  }

  /** Allocates buffers for passes over a number of clips. */
  EncoderPass pass(Arena arena, int clips, Mode mode) {
    return new EncoderPass(arena, clips, mode);
  }

  /** The results that a pass has to keep. */
  enum Mode {
    TRAINING,
    RECOMPUTING_TRAINING,
    INFERENCE
  }

  /** Buffers for one batch size, reused for every batch of that size. */
  final class EncoderPass {
    private final PassSize size;
    private final ForwardBuffers buffers;
    private final EncoderMasks masks;
    private final Tensor normInput;
    private final Tensor normStatistics;
    private final Tensor normOutput;
    private final Tensor representation;
    private final Optional<BackwardBuffers> backward;
    private List<BranchMasks> branchMasks;
    private Optional<DropoutMask> positionMask = Optional.empty();

    private EncoderPass(Arena arena, int clips, Mode mode) {
      long sequences = (long) clips * plan.sequences();
      long width = config.width();
      long n = plan.tokens() + (long) config.readout().extraTokens();
      int perBlock = plan.branches().size();
      size = new PassSize(sequences, n, width, config.mlpWidth());
      buffers = new ForwardBuffers(engine, arena, size, mode, branches, perBlock);
      masks = new EncoderMasks(engine, arena, plan, branches, clips);
      branchMasks = masks.none();
      representation = arena.take(sequences, width);
      if (config.readout().pools()) {
        normInput = buffers.output();
        normOutput = arena.take(sequences, n, width);
      } else {
        normInput = arena.take(sequences, width);
        normOutput = representation;
      }
      normStatistics = arena.take(2, normInput.length() / width);
      backward =
          mode == Mode.INFERENCE
              ? Optional.empty()
              : Optional.of(
                  new BackwardBuffers(arena, size, branches.subList(0, perBlock), plan.tokens()));
    }

    /** Runs the forward pass, from tokens {@code [b, n, d]} to representations {@code [b, d]}. */
    Tensor forward(Tensor input, Optional<Randomness> randomness) {
      branchMasks = randomness.map(masks::draw).orElseGet(masks::none);
      positionMask = randomness.flatMap(masks::positions);
      Tensor embedded = buffers.input(0);
      if (parameters.token().isPresent()) {
        engine.prependToken(input, parameters.token().get(), parameters.positions(), embedded);
      } else {
        engine.addPositions(input, parameters.positions(), embedded);
      }
      positionMask.ifPresent(mask -> engine.dropout(embedded, mask, embedded));
      activations.see(plan.name() + "/posembed_input", embedded);
      forward(0, branches.size(), activations);
      switch (config.readout()) {
        case TOKEN, FIRST -> engine.firstToken(buffers.output(), normInput);
        default -> {}
      }
      engine.layerNorm(
          normInput, parameters.scale(), parameters.shift(), normStatistics, normOutput);
      activations.see(plan.name() + "/encoder_norm", normOutput);
      switch (config.readout()) {
        case MEAN -> engine.sumTokens(normOutput, 1.0 / size.tokens(), representation);
        case SUM -> engine.sumTokens(normOutput, 1, representation);
        case MAX -> engine.maxTokens(normOutput, representation);
        default -> {}
      }
      return representation;
    }

    /**
     * Writes the tokens of the last forward pass after the final norm, those that are not read
     * included.
     *
     * @param statistics {@code [2, b n]}, written
     * @param tokens {@code [b, n, d]}, written
     */
    void normalised(Tensor statistics, Tensor tokens) {
      if (config.readout().pools()) {
        engine.copy(normOutput, tokens);
      } else {
        engine.layerNorm(
            buffers.output(), parameters.scale(), parameters.shift(), statistics, tokens);
      }
    }

    private void forward(int from, int to, Activations observer) {
      for (int branch = from; branch < to; branch++) {
        branches
            .get(branch)
            .forward(
                buffers.input(branch),
                branchMasks.get(branch),
                buffers.stash(branch),
                buffers.input(branch + 1));
        observer.see(plan.resultOf(branch), buffers.input(branch + 1));
      }
    }

    /**
     * Runs the backward pass.
     *
     * @param gradient with respect to the representations, {@code [b, d]}; overwritten
     * @return the gradient with respect to the tokens, {@code [b, n, d]}
     */
    Tensor backward(Tensor gradient) {
      BackwardBuffers scratch =
          backward.orElseThrow(
              () -> new IllegalStateException("An inference pass has no backward"));
      EncoderGradients bound =
          gradients.orElseThrow(() -> new IllegalStateException("No gradients are bound"));
      OuterTensors outer = bound.outer();
      Tensor flow = scratch.flow();
      readoutGradient(outer, gradient, scratch);
      int perBlock = plan.branches().size();
      for (int block = branches.size() - perBlock; block >= 0; block -= perBlock) {
        if (buffers.recomputes()) {
          forward(block, block + perBlock, Activations.IGNORED);
        }
        for (int branch = block + perBlock - 1; branch >= block; branch--) {
          branches
              .get(branch)
              .backward(
                  buffers.input(branch),
                  branchMasks.get(branch),
                  buffers.stash(branch),
                  scratch,
                  scratch.branch(branch % perBlock),
                  bound.branches().get(branch),
                  flow);
        }
      }
      positionMask.ifPresent(mask -> engine.dropout(flow, mask, flow));
      engine.addPositionsGradient(flow, outer.positions());
      if (outer.token().isEmpty()) {
        return flow;
      }
      engine.copy(outer.positions().rowMajor(0, config.width()), outer.token().get());
      engine.dropFirstToken(flow, scratch.tokens());
      return scratch.tokens();
    }

    /** Propagates the gradient from the representations to the last block's output. */
    private void readoutGradient(OuterTensors outer, Tensor gradient, BackwardBuffers scratch) {
      Tensor pooled = scratch.normalised();
      switch (config.readout()) {
        case MEAN -> engine.sumTokensGradient(gradient, 1.0 / size.tokens(), pooled);
        case SUM -> engine.sumTokensGradient(gradient, 1, pooled);
        case MAX -> engine.maxTokensGradient(normOutput, representation, gradient, pooled);
        default -> {
          engine.fill(scratch.readout(), 0);
          normGradient(outer, gradient, scratch.readout());
          engine.firstTokenGradient(scratch.readout(), scratch.flow());
          return;
        }
      }
      engine.fill(scratch.flow(), 0);
      normGradient(outer, pooled, scratch.flow());
    }

    private void normGradient(OuterTensors outer, Tensor dy, Tensor dx) {
      engine.layerNormGradient(
          normInput, normStatistics, parameters.scale(), dy, dx, outer.scale(), outer.shift());
    }
  }
}
