package vivit.model.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.regularise.DropMasks;

/**
 * Positions, blocks, final layer norm and read-out: sequences of tokens {@code [b, n, d]} in, one
 * vector per sequence {@code [b, d]} out.
 *
 * <p>Layer norm works on every token alone, so where one token is read only that token is
 * normalised.
 */
final class Encoder {

  private final Engine engine;
  private final String name;
  private final ViViTConfig config;
  private final int tokens;
  private final Weights parameters;
  private Optional<Gradients> gradients = Optional.empty();
  private final List<EncoderBlock> blocks = new ArrayList<>();

  Encoder(
      Engine engine,
      String name,
      ViViTConfig config,
      int tokens,
      int layers,
      FlatTensors parameters) {
    this.engine = engine;
    this.name = name;
    this.config = config;
    this.tokens = tokens;
    this.parameters = new Weights(parameters, name, config.readout());
    for (int layer = 0; layer < layers; layer++) {
      blocks.add(
          new EncoderBlock(
              engine, config.attentionHeads(), BlockTensors.of(parameters, blockName(layer))));
    }
  }

  /** Where backward passes write from now on. */
  void bindGradients(FlatTensors flat) {
    List<BlockTensors> ofBlocks = new ArrayList<>();
    for (int layer = 0; layer < blocks.size(); layer++) {
      ofBlocks.add(BlockTensors.of(flat, blockName(layer)));
    }
    gradients = Optional.of(new Gradients(new Weights(flat, name, config.readout()), ofBlocks));
  }

  private String blockName(int layer) {
    return name + "/encoderblock_" + layer;
  }

  private record Gradients(Weights weights, List<BlockTensors> blocks) {}

  /** Parameters outside the blocks, or their gradients. */
  private record Weights(Optional<Tensor> token, Tensor positions, Tensor scale, Tensor shift) {
    Weights(FlatTensors flat, String name, Readout readout) {
      this(
          readout == Readout.TOKEN ? Optional.of(flat.vector("cls_" + name)) : Optional.empty(),
          flat.table(name + "/posembed_input/pos_embedding"),
          flat.vector(name + "/encoder_norm/scale"),
          flat.vector(name + "/encoder_norm/bias"));
    }
  }

  /** Buffers of a pass that will be followed by {@link Pass#backward}. */
  Pass trainingPass(Arena arena, int clips, int sequences) {
    return new Pass(arena, clips, sequences, Purpose.TRAINING);
  }

  /** Buffers of a pass without backward: all blocks share theirs. */
  Pass inferencePass(Arena arena, int clips, int sequences) {
    return new Pass(arena, clips, sequences, Purpose.INFERENCE);
  }

  private enum Purpose {
    TRAINING,
    INFERENCE
  }

  /** One size's buffers, used again for every batch of that size. */
  final class Pass {
    private final BlockSize size;
    private final List<Tensor> activations = new ArrayList<>();
    private final List<BlockStash> stashes = new ArrayList<>();
    private final DropKeeps keeps;
    private final Tensor normInput;
    private final Tensor normStatistics;
    private final Tensor normOutput;
    private final Tensor representation;
    private final Optional<Backward> backward;
    private List<EncoderBlock.Keep> current;

    private Pass(Arena arena, int clips, int sequences, Purpose purpose) {
      long width = config.width();
      long n = tokens + (long) config.readout().extraTokens();
      size = new BlockSize(sequences, n, width, config.attentionHeads(), config.mlpWidth());
      activations.add(arena.take(sequences, n, width));
      if (purpose == Purpose.TRAINING) {
        for (int layer = 0; layer < blocks.size(); layer++) {
          activations.add(arena.take(sequences, n, width));
          stashes.add(BlockStash.take(arena, size));
        }
      } else {
        Tensor other = arena.take(sequences, n, width);
        BlockStash shared = BlockStash.take(arena, size);
        for (int layer = 0; layer < blocks.size(); layer++) {
          activations.add(layer % 2 == 0 ? other : activations.get(0));
          stashes.add(shared);
        }
      }
      keeps = new DropKeeps(engine, arena, name, blocks.size(), clips);
      current = Collections.nCopies(blocks.size(), EncoderBlock.Keep.ALL);
      representation = arena.take(sequences, width);
      if (config.readout() == Readout.MEAN) {
        normInput = last();
        normOutput = arena.take(sequences, n, width);
      } else {
        normInput = arena.take(sequences, width);
        normOutput = representation;
      }
      normStatistics = arena.take(2, normInput.length() / width);
      backward =
          purpose == Purpose.TRAINING ? Optional.of(new Backward(arena, size)) : Optional.empty();
    }

    /** Tokens {@code [b, n, d]} in, representations {@code [b, d]} out. */
    Tensor forward(Tensor input, Optional<DropMasks> masks) {
      current =
          masks
              .map(keeps::load)
              .orElseGet(() -> Collections.nCopies(blocks.size(), EncoderBlock.Keep.ALL));
      Tensor embedded = activations.get(0);
      if (parameters.token().isPresent()) {
        engine.prependToken(input, parameters.token().get(), parameters.positions(), embedded);
      } else {
        engine.addPositions(input, parameters.positions(), embedded);
      }
      for (int layer = 0; layer < blocks.size(); layer++) {
        blocks
            .get(layer)
            .forward(
                activations.get(layer),
                current.get(layer),
                stashes.get(layer),
                activations.get(layer + 1));
      }
      if (config.readout() != Readout.MEAN) {
        engine.firstToken(last(), normInput);
      }
      engine.layerNorm(
          normInput, parameters.scale(), parameters.shift(), normStatistics, normOutput);
      if (config.readout() == Readout.MEAN) {
        engine.meanTokens(normOutput, representation);
      }
      return representation;
    }

    /**
     * From the gradient at the representations, which is overwritten, to the gradient at the
     * tokens.
     */
    Tensor backward(Tensor gradient) {
      Backward buffers =
          backward.orElseThrow(
              () -> new IllegalStateException("An inference pass has no backward"));
      Gradients bound =
          gradients.orElseThrow(() -> new IllegalStateException("No gradients are bound"));
      Weights slopes = bound.weights();
      Tensor flow = buffers.flow();
      if (config.readout() == Readout.MEAN) {
        engine.meanTokensGradient(gradient, buffers.norm());
        zero(flow);
        normGradient(slopes, buffers.norm(), flow);
      } else {
        zero(buffers.token());
        normGradient(slopes, gradient, buffers.token());
        engine.firstTokenGradient(buffers.token(), flow);
      }
      for (int layer = blocks.size() - 1; layer >= 0; layer--) {
        blocks
            .get(layer)
            .backward(
                activations.get(layer),
                current.get(layer),
                stashes.get(layer),
                buffers.block(),
                bound.blocks().get(layer),
                flow);
      }
      engine.addPositionsGradient(flow, slopes.positions());
      if (slopes.token().isEmpty()) {
        return flow;
      }
      engine.copy(slopes.positions().rowMajor(0, config.width()), slopes.token().get());
      engine.dropFirstToken(flow, buffers.input());
      return buffers.input();
    }

    private void normGradient(Weights slopes, Tensor dy, Tensor dx) {
      engine.layerNormGradient(
          normInput, normStatistics, parameters.scale(), dy, dx, slopes.scale(), slopes.shift());
    }

    private void zero(Tensor tensor) {
      engine.fill(tensor, 0);
    }

    private Tensor last() {
      return activations.get(activations.size() - 1);
    }
  }

  /** Buffers of the backward pass. */
  private final class Backward {
    private final BlockGradients block;
    private final Tensor flow;
    private final Tensor norm;
    private final Tensor token;
    private final Tensor input;

    Backward(Arena arena, BlockSize size) {
      block = BlockGradients.take(arena, size);
      flow = arena.take(size.sequences(), size.tokens(), size.width());
      norm = block.token();
      token = arena.take(size.sequences(), size.width());
      input = arena.take(size.sequences(), tokens, size.width());
    }

    BlockGradients block() {
      return block;
    }

    Tensor flow() {
      return flow;
    }

    Tensor norm() {
      return norm;
    }

    Tensor token() {
      return token;
    }

    Tensor input() {
      return input;
    }
  }
}
