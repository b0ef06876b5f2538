package vivit.model.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.parameter.ParameterIndex;

/**
 * Everything between flattened tubelets and the heads: tubelet embedding, the variant's encoders
 * one behind the other, read-out, and the dense layer before the heads where there is one
 * (reference sections 1.3 and 1.7 to 1.11).
 *
 * <p>Batches of one size reuse all buffers; another size rearranges the same memory.
 */
public final class Backbone {

  private final Engine engine;
  private final ViViTConfig config;
  private final Recompute recompute;
  private final ParameterIndex index;
  private final Tensor embeddingKernel;
  private final Tensor embeddingBias;
  private final List<Encoder> encoders;
  private final Optional<Dense> preLogits;
  private final Arena trainingArena;
  private final Arena inferenceArena;
  private Optional<FlatTensors> gradients = Optional.empty();
  private Optional<Pass> training = Optional.empty();
  private Optional<Pass> inference = Optional.empty();
  private Activations activations = Activations.UNSEEN;

  /**
   * Binds a network to its parameters.
   *
   * @param parameters flat vector laid out as {@link ParameterIndex#backbone}; read at every pass
   */
  public Backbone(Engine engine, ViViTConfig config, Recompute recompute, Tensor parameters) {
    this.engine = engine;
    this.config = config;
    this.recompute = recompute;
    index = ParameterIndex.backbone(config);
    FlatTensors values = new FlatTensors(index, parameters);
    embeddingKernel = values.kernel("embedding/kernel");
    embeddingBias = values.vector("embedding/bias");
    encoders =
        config.encoders().stream().map(plan -> new Encoder(engine, plan, config, values)).toList();
    preLogits = config.representationSize() > 0 ? Optional.of(Dense.of(values)) : Optional.empty();
    trainingArena = new Arena(engine);
    inferenceArena = new Arena(engine);
  }

  private record Dense(Tensor kernel, Tensor bias) {
    static Dense of(FlatTensors flat) {
      return new Dense(flat.kernel("pre_logits/kernel"), flat.vector("pre_logits/bias"));
    }
  }

  /**
   * Tells where backward passes write.
   *
   * @param flat of the parameters' layout; overwritten by every backward pass
   */
  public void bindGradients(Tensor flat) {
    FlatTensors slopes = new FlatTensors(index, flat);
    encoders.forEach(encoder -> encoder.bindGradients(slopes));
    gradients = Optional.of(slopes);
  }

  /** Tells who sees the results of forward passes from now on. */
  public void observe(Activations observer) {
    activations = observer;
    encoders.forEach(encoder -> encoder.observe(observer));
  }

  /**
   * A forward pass whose backward may follow.
   *
   * @param tokens flattened tubelets {@code [b, n_t S, t p p 3]}, row-major; must stay as they are
   *     until {@link #backward}
   * @param representations written, {@code [b, d]}, or {@code [b, r]} with a representation size r
   */
  public void train(Tensor tokens, Randomness randomness, Tensor representations) {
    Encoder.Purpose purpose =
        recompute == Recompute.BLOCKS
            ? Encoder.Purpose.RECOMPUTING_TRAINING
            : Encoder.Purpose.TRAINING;
    Pass pass = pass(training, trainingArena, tokens, purpose);
    training = Optional.of(pass);
    pass.forward(tokens, Optional.of(randomness), representations);
  }

  /** A forward pass without chance and without stash; shapes as in {@link #train}. */
  public void infer(Tensor tokens, Tensor representations) {
    Pass pass = pass(inference, inferenceArena, tokens, Encoder.Purpose.INFERENCE);
    inference = Optional.of(pass);
    pass.forward(tokens, Optional.empty(), representations);
  }

  /**
   * Parameter gradients of the last {@link #train}.
   *
   * @param gradient with respect to the representations, shaped as they are
   */
  public void backward(Tensor gradient) {
    lastTraining().backward(gradient, Optional.empty());
  }

  /**
   * Parameter and token gradients of the last {@link #train}.
   *
   * @param gradient with respect to the representations, shaped as they are
   * @param tokenGradient written, shaped as the tokens
   */
  public void backward(Tensor gradient, Tensor tokenGradient) {
    lastTraining().backward(gradient, Optional.of(tokenGradient));
  }

  private Pass lastTraining() {
    return training.orElseThrow(
        () -> new IllegalStateException("backward without a training pass before it"));
  }

  private Pass pass(Optional<Pass> current, Arena arena, Tensor tokens, Encoder.Purpose purpose) {
    requireTokens(tokens.shape());
    int clips = Math.toIntExact(tokens.shape()[0]);
    return current
        .filter(pass -> pass.clips == clips)
        .orElseGet(
            () -> {
              arena.rewind();
              return new Pass(arena, clips, purpose);
            });
  }

  private void requireTokens(long[] shape) {
    if (shape.length != 3
        || shape[0] < 1
        || shape[1] != config.grid().tokens()
        || shape[2] != config.tubelet().values()) {
      throw new IllegalArgumentException(
          "Tokens of shape %s, expected [clips, %d, %d]"
              .formatted(
                  Arrays.toString(shape), config.grid().tokens(), config.tubelet().values()));
    }
  }

  /** Buffers for one number of clips. */
  private final class Pass {
    private final int clips;
    private final int finalSequences;
    private final Tensor embedded;
    private final List<Encoder.Pass> passes = new ArrayList<>();
    private final Tensor pooled;
    private final Tensor pooledGradient;
    private final Tensor sequenceGradient;
    private final Tensor dense;
    private final Tensor denseGradient;
    private Tensor input;

    Pass(Arena arena, int clips, Encoder.Purpose purpose) {
      this.clips = clips;
      finalSequences = encoders.get(encoders.size() - 1).plan().sequences();
      long width = config.width();
      embedded = arena.take(clips, config.grid().tokens(), width);
      encoders.forEach(encoder -> passes.add(encoder.pass(arena, clips, purpose)));
      pooled = arena.take(clips, width);
      pooledGradient = arena.take(clips, width);
      sequenceGradient = arena.take(clips, finalSequences, width);
      dense = arena.take(clips, config.representation());
      denseGradient = arena.take(clips, config.representation());
    }

    void forward(Tensor tokens, Optional<Randomness> randomness, Tensor representations) {
      input = tokens;
      engine.linear(input, embeddingKernel, embeddingBias, embedded);
      activations.see("embedding", embedded);
      Tensor flow = embedded;
      for (int i = 0; i < passes.size(); i++) {
        flow = passes.get(i).forward(asSequences(flow, i), randomness);
      }
      if (finalSequences > 1) {
        engine.sumTokens(
            flow.rowMajor(0, clips, finalSequences, config.width()), 1.0 / finalSequences, pooled);
        flow = pooled;
      } else if (preLogits.isPresent()) {
        engine.copy(flow, pooled);
      }
      if (preLogits.isPresent()) {
        engine.linear(pooled, preLogits.get().kernel(), preLogits.get().bias(), dense);
        engine.tanh(dense, dense);
        flow = dense;
      }
      activations.see("pre_head", flow);
      engine.copy(flow, representations);
    }

    void backward(Tensor gradient, Optional<Tensor> tokenGradient) {
      FlatTensors slopes =
          gradients.orElseThrow(() -> new IllegalStateException("No gradients are bound"));
      Tensor flow = denseGradient(gradient, slopes);
      if (finalSequences > 1) {
        engine.sumTokensGradient(flow, 1.0 / finalSequences, sequenceGradient);
        flow = sequenceGradient;
      }
      for (int i = passes.size() - 1; i >= 0; i--) {
        long sequences = (long) clips * encoders.get(i).plan().sequences();
        flow = passes.get(i).backward(flow.rowMajor(0, sequences, config.width()));
      }
      Tensor dEmbedded = flow;
      engine.linearParameterGradient(
          input, dEmbedded, slopes.kernel("embedding/kernel"), slopes.vector("embedding/bias"));
      tokenGradient.ifPresent(
          below -> engine.linearInputGradient(dEmbedded, embeddingKernel, below));
    }

    /** From the representations down to what was read out; leaves the caller's gradient alone. */
    private Tensor denseGradient(Tensor gradient, FlatTensors slopes) {
      if (preLogits.isEmpty()) {
        engine.copy(gradient, pooledGradient);
        return pooledGradient;
      }
      engine.copy(gradient, denseGradient);
      engine.tanhGradient(dense, denseGradient, denseGradient);
      Dense d = Dense.of(slopes);
      engine.linearParameterGradient(pooled, denseGradient, d.kernel(), d.bias());
      engine.linearInputGradient(denseGradient, preLogits.get().kernel(), pooledGradient);
      return pooledGradient;
    }

    /** The vectors of the step before as the tokens of an encoder's sequences. */
    private Tensor asSequences(Tensor flow, int encoder) {
      var plan = encoders.get(encoder).plan();
      return flow.rowMajor(0, (long) clips * plan.sequences(), plan.tokens(), config.width());
    }
  }
}
