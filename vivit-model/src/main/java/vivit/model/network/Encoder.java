package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.DropoutMask;
import vivit.model.variant.EncoderPlan;

/**
 * Positions, blocks, final layer norm and read-out: sequences of tokens {@code [b, n, d]} in, one
 * vector per sequence {@code [b, d]} out. One loop for every variant.
 *
 * <p>Layer norm works on every token alone, so where one token is read only that token is
 * normalised.
 */
final class Encoder {

  private final Engine engine;
  private final EncoderPlan plan;
  private final ViViTConfig config;
  private final Weights parameters;
  private final List<ResidualBranch> branches = new ArrayList<>();
  private Optional<Gradients> gradients = Optional.empty();
  private Activations activations = Activations.UNSEEN;

  Encoder(Engine engine, EncoderPlan plan, ViViTConfig config, FlatTensors parameters) {
    this.engine = engine;
    this.plan = plan;
    this.config = config;
    this.parameters = new Weights(parameters, plan, config.readout());
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

  /** Who sees the results of forward passes from now on. */
  void observe(Activations observer) {
    activations = observer;
  }

  /** Where backward passes write from now on. */
  void bindGradients(FlatTensors flat) {
    List<BranchTensors> ofBranches = new ArrayList<>();
    for (int layer = 0; layer < plan.layers(); layer++) {
      for (EncoderPlan.Branch branch : plan.branches()) {
        ofBranches.add(BranchTensors.of(flat, plan.block(layer), branch));
      }
    }
    gradients = Optional.of(new Gradients(new Weights(flat, plan, config.readout()), ofBranches));
  }

  private record Gradients(Weights weights, List<BranchTensors> branches) {}

  /** Parameters outside the blocks, or their gradients. */
  private record Weights(Optional<Tensor> token, Tensor positions, Tensor scale, Tensor shift) {
    Weights(FlatTensors flat, EncoderPlan plan, Readout readout) {
      this(
          readout == Readout.TOKEN ? Optional.of(flat.vector(plan.token())) : Optional.empty(),
          flat.table(plan.name() + "/posembed_input/pos_embedding"),
          flat.vector(plan.name() + "/encoder_norm/scale"),
          flat.vector(plan.name() + "/encoder_norm/bias"));
    }
  }

  /** Buffers of a pass over this many clips. */
  Pass pass(Arena arena, int clips, Purpose purpose) {
    return new Pass(arena, clips, purpose);
  }

  /** What a pass is for. */
  enum Purpose {
    TRAINING,
    RECOMPUTING_TRAINING,
    INFERENCE
  }

  /** One size's buffers, used again for every batch of that size. */
  final class Pass {
    private final BlockSize size;
    private final BlockBuffers buffers;
    private final DropKeeps keeps;
    private final Tensor normInput;
    private final Tensor normStatistics;
    private final Tensor normOutput;
    private final Tensor representation;
    private final Optional<Backward> backward;
    private List<Chance> chances;
    private Optional<DropoutMask> positionMask = Optional.empty();

    private Pass(Arena arena, int clips, Purpose purpose) {
      long sequences = (long) clips * plan.sequences();
      long width = config.width();
      long n = plan.tokens() + (long) config.readout().extraTokens();
      size = new BlockSize(sequences, n, width, config.mlpWidth());
      buffers = new BlockBuffers(engine, arena, size, purpose, branches, plan.branches().size());
      keeps = new DropKeeps(engine, arena, plan, clips);
      chances = undisturbed();
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
          purpose == Purpose.INFERENCE ? Optional.empty() : Optional.of(new Backward(arena, size));
    }

    /** Tokens {@code [b, n, d]} in, representations {@code [b, d]} out. */
    Tensor forward(Tensor input, Optional<Randomness> randomness) {
      chances = randomness.map(this::chances).orElseGet(this::undisturbed);
      positionMask =
          randomness.flatMap(
              r -> r.dropout().mask(Dropout.Place.POSITIONS, plan.name(), 0, 0, plan.sequences()));
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

    private void forward(int from, int to, Activations observer) {
      for (int branch = from; branch < to; branch++) {
        branches
            .get(branch)
            .forward(
                buffers.input(branch),
                chances.get(branch),
                buffers.stash(branch),
                buffers.input(branch + 1));
        observer.see(plan.resultOf(branch), buffers.input(branch + 1));
      }
    }

    /**
     * From the gradient at the representations, which is overwritten, to the gradient at the
     * tokens.
     */
    Tensor backward(Tensor gradient) {
      Backward scratch =
          backward.orElseThrow(
              () -> new IllegalStateException("An inference pass has no backward"));
      Gradients bound =
          gradients.orElseThrow(() -> new IllegalStateException("No gradients are bound"));
      Weights slopes = bound.weights();
      Tensor flow = scratch.flow();
      readoutGradient(slopes, gradient, scratch);
      int perBlock = plan.branches().size();
      for (int block = branches.size() - perBlock; block >= 0; block -= perBlock) {
        if (buffers.recomputes()) {
          forward(block, block + perBlock, Activations.UNSEEN);
        }
        for (int branch = block + perBlock - 1; branch >= block; branch--) {
          branches
              .get(branch)
              .backward(
                  buffers.input(branch),
                  chances.get(branch),
                  buffers.stash(branch),
                  scratch.shared(),
                  scratch.own(branch % perBlock),
                  bound.branches().get(branch),
                  flow);
        }
      }
      positionMask.ifPresent(mask -> engine.dropout(flow, mask, flow));
      engine.addPositionsGradient(flow, slopes.positions());
      if (slopes.token().isEmpty()) {
        return flow;
      }
      engine.copy(slopes.positions().rowMajor(0, config.width()), slopes.token().get());
      engine.dropFirstToken(flow, scratch.input());
      return scratch.input();
    }

    /** Down to the last block's output. */
    private void readoutGradient(Weights slopes, Tensor gradient, Backward scratch) {
      Tensor pooled = scratch.shared().token();
      switch (config.readout()) {
        case MEAN -> engine.sumTokensGradient(gradient, 1.0 / size.tokens(), pooled);
        case SUM -> engine.sumTokensGradient(gradient, 1, pooled);
        case MAX -> engine.maxTokensGradient(normOutput, representation, gradient, pooled);
        default -> {
          engine.fill(scratch.token(), 0);
          normGradient(slopes, gradient, scratch.token());
          engine.firstTokenGradient(scratch.token(), scratch.flow());
          return;
        }
      }
      engine.fill(scratch.flow(), 0);
      normGradient(slopes, pooled, scratch.flow());
    }

    private void normGradient(Weights slopes, Tensor dy, Tensor dx) {
      engine.layerNormGradient(
          normInput, normStatistics, parameters.scale(), dy, dx, slopes.scale(), slopes.shift());
    }

    private List<Chance> undisturbed() {
      return branches.stream()
          .map(branch -> Chance.keeping(Optional.empty(), inners(branch)))
          .toList();
    }

    private List<Chance> chances(Randomness randomness) {
      List<Optional<Tensor>> kept = keeps.load(randomness.masks());
      List<Chance> result = new ArrayList<>();
      for (int branch = 0; branch < branches.size(); branch++) {
        result.add(chance(randomness.dropout(), branch, kept.get(branch)));
      }
      return result;
    }

    private Chance chance(Dropout dropout, int number, Optional<Tensor> keep) {
      ResidualBranch branch = branches.get(number);
      Dropout.Place place =
          branch.views().isEmpty() ? Dropout.Place.HIDDEN : Dropout.Place.PROBABILITIES;
      List<Optional<DropoutMask>> inner = new ArrayList<>();
      for (int part = 0; part < inners(branch); part++) {
        inner.add(dropout.mask(place, plan.name(), number, part, plan.sequences()));
      }
      return new Chance(
          keep,
          inner,
          dropout.mask(Dropout.Place.OUTPUT, plan.name(), number, 0, plan.sequences()));
    }

    private int inners(ResidualBranch branch) {
      return Math.max(1, branch.views().size());
    }
  }

  /** Buffers of the backward pass. */
  private final class Backward {
    private final BranchGradients shared;
    private final List<BranchGradients.OfBranch> own;
    private final Tensor flow;
    private final Tensor token;
    private final Tensor input;

    Backward(Arena arena, BlockSize size) {
      shared = new BranchGradients(arena, size);
      own = branches.stream().limit(plan.branches().size()).map(shared::of).toList();
      flow = arena.take(size.sequences(), size.tokens(), size.width());
      token = arena.take(size.sequences(), size.width());
      input = arena.take(size.sequences(), plan.tokens(), size.width());
    }

    BranchGradients shared() {
      return shared;
    }

    /** The shared memory as the n-th branch of every block uses it. */
    BranchGradients.OfBranch own(int branch) {
      return own.get(branch);
    }

    Tensor flow() {
      return flow;
    }

    Tensor token() {
      return token;
    }

    Tensor input() {
      return input;
    }
  }
}
