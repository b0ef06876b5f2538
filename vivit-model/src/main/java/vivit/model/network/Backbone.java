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
import vivit.model.regularise.Randomness;
import vivit.model.variant.EncoderPlan;

/**
 * Computes everything between flattened tubelets and the heads: tubelet embedding, the variant's
 * encoders in order, read-out, and the optional dense layer before the heads (docs/vivit.md, 2.1
 * and 2.5 to 2.9).
 *
 * <p>Batches of the same size reuse all buffers; another size rearranges the same memory.
 */
public final class Backbone {

  private final Engine engine;
  private final ViViTConfig config;
  private final Recompute recompute;
  private final ParameterIndex index;
  private final Tensor embeddingKernel;
  private final Tensor embeddingBias;
  private final List<Encoder> encoders;
  private final Optional<PreLogits> preLogits;
  private final Arena trainingArena;
  private final Arena inferenceArena;
  private final Arena outputArena;
  private Optional<FlatTensors> gradients = Optional.empty();
  private Optional<BackbonePass> training = Optional.empty();
  private Optional<BackbonePass> inference = Optional.empty();
  private Activations activations = Activations.IGNORED;

  /** The results that a training pass keeps for its backward pass. */
  public enum Recompute {
    /** Every intermediate result. */
    NOTHING,
    /** The input of every block; the rest is computed a second time. */
    BLOCKS
  }

  /**
   * Observes the intermediate results of forward passes. Names are the parameters' roots: {@code
   * embedding}, {@code Transformer/posembed_input}, {@code
   * Transformer/encoderblock_0/after_attention} (also {@code after_space} and {@code after_time}),
   * {@code Transformer/encoderblock_0}, {@code Transformer/encoder_norm} and {@code pre_head}.
   */
  @FunctionalInterface
  public interface Activations {

    /** Observes nothing. */
    Activations IGNORED = (name, values) -> {};

    /**
     * Called when a result is complete. {@code encoder_norm} holds only the first token if no other
     * is read.
     *
     * @param values valid during the call only
     */
    void see(String name, Tensor values);
  }

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
    preLogits =
        config.representationSize() > 0 ? Optional.of(PreLogits.of(values)) : Optional.empty();
    trainingArena = new Arena(engine);
    inferenceArena = new Arena(engine);
    outputArena = new Arena(engine);
  }

  private record PreLogits(Tensor kernel, Tensor bias) {
    static PreLogits of(FlatTensors flat) {
      return new PreLogits(flat.kernel("pre_logits/kernel"), flat.vector("pre_logits/bias"));
    }
  }

  /**
   * Sets where backward passes write parameter gradients.
   *
   * @param flat laid out as the parameters; overwritten by every backward pass
   */
  public void bindGradients(Tensor flat) {
    FlatTensors bound = new FlatTensors(index, flat);
    encoders.forEach(encoder -> encoder.bindGradients(bound));
    gradients = Optional.of(bound);
  }

  /** Shows the intermediate results of later forward passes to an observer. */
  public void observe(Activations observer) {
    activations = observer;
    encoders.forEach(encoder -> encoder.observe(observer));
  }

  /**
   * Runs a forward pass that {@link #backward} may follow.
   *
   * @param tokens flattened tubelets {@code [b, n_t S, t p p 3]}, row-major; must not change until
   *     {@link #backward}
   * @param representations written, {@code [b, d]}, or {@code [b, r]} with a representation size r
   */
  public void train(Tensor tokens, Randomness randomness, Tensor representations) {
    Encoder.Mode mode =
        recompute == Recompute.BLOCKS ? Encoder.Mode.RECOMPUTING_TRAINING : Encoder.Mode.TRAINING;
    BackbonePass pass = pass(training, trainingArena, tokens, mode);
    training = Optional.of(pass);
    pass.forward(tokens, Optional.of(randomness), representations);
  }

  /** Runs a forward pass without randomness that keeps nothing; shapes as in {@link #train}. */
  public void infer(Tensor tokens, Tensor representations) {
    BackbonePass pass = pass(inference, inferenceArena, tokens, Encoder.Mode.INFERENCE);
    inference = Optional.of(pass);
    pass.forward(tokens, Optional.empty(), representations);
  }

  /**
   * Runs {@link #infer} and also writes the tokens that the read-out chooses from: those of the
   * last encoder after its final norm, learned tokens included, sequence after sequence.
   *
   * @param outputs written, {@code [b, m, d]} with m as in {@link #outputTokens}
   */
  public void infer(Tensor tokens, Tensor representations, Tensor outputs) {
    infer(tokens, representations);
    outputArena.rewind();
    Tensor statistics = outputArena.take(2, outputs.length() / config.width());
    inference.orElseThrow().lastEncoder().normalised(statistics, outputs);
  }

  /** Number of a clip's tokens after the last encoder, learned ones included. */
  public static int outputTokens(ViViTConfig config) {
    EncoderPlan last = config.encoders().get(config.encoders().size() - 1);
    return last.sequences() * (last.tokens() + config.readout().extraTokens());
  }

  /**
   * Computes the parameter gradients of the last {@link #train}.
   *
   * @param gradient with respect to the representations, shaped as they are
   */
  public void backward(Tensor gradient) {
    lastTraining().backward(gradient, Optional.empty());
  }

  /**
   * Computes the parameter and token gradients of the last {@link #train}.
   *
   * @param gradient with respect to the representations, shaped as they are
   * @param tokenGradient written, shaped as the tokens
   */
  public void backward(Tensor gradient, Tensor tokenGradient) {
    lastTraining().backward(gradient, Optional.of(tokenGradient));
  }

  private BackbonePass lastTraining() {
    return training.orElseThrow(
        () -> new IllegalStateException("backward without a training pass before it"));
  }

  private BackbonePass pass(
      Optional<BackbonePass> current, Arena arena, Tensor tokens, Encoder.Mode mode) {
    requireTokens(tokens.shape());
    int clips = Math.toIntExact(tokens.shape()[0]);
    return current
        .filter(pass -> pass.clips == clips)
        .orElseGet(
            () -> {
              arena.rewind();
              return new BackbonePass(arena, clips, mode);
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

  /** Buffers for one batch size. */
  private final class BackbonePass {
    private final int clips;
    private final int finalSequences;
    private final Tensor embedded;
    private final List<Encoder.EncoderPass> passes = new ArrayList<>();
    private final Tensor pooled;
    private final Tensor pooledGradient;
    private final Tensor sequenceGradient;
    private final Tensor dense;
    private final Tensor denseGradient;
    private Tensor input;

    BackbonePass(Arena arena, int clips, Encoder.Mode mode) {
      this.clips = clips;
      finalSequences = encoders.get(encoders.size() - 1).plan().sequences();
      long width = config.width();
      embedded = arena.take(clips, config.grid().tokens(), width);
      encoders.forEach(encoder -> passes.add(encoder.pass(arena, clips, mode)));
      pooled = arena.take(clips, width);
      pooledGradient = arena.take(clips, width);
      sequenceGradient = arena.take(clips, finalSequences, width);
      dense = arena.take(clips, config.representation());
      denseGradient = arena.take(clips, config.representation());
    }

    Encoder.EncoderPass lastEncoder() {
      return passes.get(passes.size() - 1);
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
      FlatTensors bound =
          gradients.orElseThrow(() -> new IllegalStateException("No gradients are bound"));
      Tensor flow = denseGradient(gradient, bound);
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
          input, dEmbedded, bound.kernel("embedding/kernel"), bound.vector("embedding/bias"));
      tokenGradient.ifPresent(
          dTokens -> engine.linearInputGradient(dEmbedded, embeddingKernel, dTokens));
    }

    /**
     * Propagates the gradient from the representations to the read-out; leaves the caller's
     * gradient unchanged.
     */
    private Tensor denseGradient(Tensor gradient, FlatTensors bound) {
      if (preLogits.isEmpty()) {
        engine.copy(gradient, pooledGradient);
        return pooledGradient;
      }
      engine.copy(gradient, denseGradient);
      engine.tanhGradient(dense, denseGradient, denseGradient);
      PreLogits d = PreLogits.of(bound);
      engine.linearParameterGradient(pooled, denseGradient, d.kernel(), d.bias());
      engine.linearInputGradient(denseGradient, preLogits.get().kernel(), pooledGradient);
      return pooledGradient;
    }

    /** Reshapes the vectors that flow into an encoder to the tokens of its sequences. */
    private Tensor asSequences(Tensor flow, int encoder) {
      EncoderPlan plan = encoders.get(encoder).plan();
      return flow.rowMajor(0, (long) clips * plan.sequences(), plan.tokens(), config.width());
    }
  }
}
