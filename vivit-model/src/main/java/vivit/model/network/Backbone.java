package vivit.model.network;

import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.Variant;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.DropMasks;
import vivit.model.shape.TokenGrid;

/**
 * Everything between flattened tubelets and the heads: tubelet embedding, encoders, read-out; Model
 * 2 and its average-pool baseline (reference sections 1.3 and 1.8).
 *
 * <p>Batches of one size reuse all buffers; another size rearranges the same memory.
 */
public final class Backbone {

  private static final String SPATIAL = "SpatialTransformer";
  private static final String TEMPORAL = "TemporalTransformer";

  private final Engine engine;
  private final ViViTConfig config;
  private final TokenGrid grid;
  private final ParameterIndex index;
  private final Tensor embeddingKernel;
  private final Tensor embeddingBias;
  private final Encoder spatial;
  private final Optional<Encoder> temporal;
  private final Arena trainingArena;
  private final Arena inferenceArena;
  private Optional<FlatTensors> gradients = Optional.empty();
  private Optional<Pass> training = Optional.empty();
  private Optional<Pass> inference = Optional.empty();

  /**
   * Binds a network to its parameters.
   *
   * @param parameters flat vector laid out as {@link ParameterIndex#backbone}; read at every pass
   */
  public Backbone(Engine engine, ViViTConfig config, INDArray parameters) {
    this.engine = engine;
    this.config = config;
    grid = config.grid();
    index = ParameterIndex.backbone(config);
    FlatTensors values = new FlatTensors(engine, index, parameters);
    embeddingKernel = values.kernel("embedding/kernel");
    embeddingBias = values.vector("embedding/bias");
    spatial =
        new Encoder(
            engine, SPATIAL, config, grid.spatial(), config.variant().spatialLayers(), values);
    temporal =
        config.variant() instanceof Variant.FactorisedEncoder factorised
            ? Optional.of(
                new Encoder(
                    engine, TEMPORAL, config, grid.time(), factorised.temporalLayers(), values))
            : Optional.empty();
    trainingArena = new Arena(engine);
    inferenceArena = new Arena(engine);
  }

  /**
   * Tells where backward passes write.
   *
   * @param flat of the parameters' layout; overwritten by every backward pass
   */
  public void bindGradients(INDArray flat) {
    FlatTensors slopes = new FlatTensors(engine, index, flat);
    spatial.bindGradients(slopes);
    temporal.ifPresent(encoder -> encoder.bindGradients(slopes));
    gradients = Optional.of(slopes);
  }

  /**
   * A forward pass whose backward may follow.
   *
   * @param tokens flattened tubelets {@code [b, n_t S, t p p 3]}, row-major; must stay as they are
   *     until {@link #backward}
   * @param representations written, {@code [b, d]}
   */
  public void train(INDArray tokens, DropMasks masks, INDArray representations) {
    Pass pass = pass(training, trainingArena, tokens, Kind.TRAINING);
    training = Optional.of(pass);
    pass.forward(tokens, Optional.of(masks), representations);
  }

  /** A forward pass without drop path and without stash; shapes as in {@link #train}. */
  public void infer(INDArray tokens, INDArray representations) {
    Pass pass = pass(inference, inferenceArena, tokens, Kind.INFERENCE);
    inference = Optional.of(pass);
    pass.forward(tokens, Optional.empty(), representations);
  }

  /**
   * Parameter gradients of the last {@link #train}.
   *
   * @param gradient with respect to the representations, {@code [b, d]}
   */
  public void backward(INDArray gradient) {
    lastTraining().backward(gradient, Optional.empty());
  }

  /**
   * Parameter and token gradients of the last {@link #train}.
   *
   * @param gradient with respect to the representations, {@code [b, d]}
   * @param tokenGradient written, shaped as the tokens
   */
  public void backward(INDArray gradient, INDArray tokenGradient) {
    lastTraining().backward(gradient, Optional.of(tokenGradient));
  }

  private Pass lastTraining() {
    return training.orElseThrow(
        () -> new IllegalStateException("backward without a training pass before it"));
  }

  private enum Kind {
    TRAINING,
    INFERENCE
  }

  private Pass pass(Optional<Pass> current, Arena arena, INDArray tokens, Kind kind) {
    requireTokens(tokens);
    int clips = Math.toIntExact(tokens.size(0));
    return current
        .filter(pass -> pass.clips == clips)
        .orElseGet(
            () -> {
              arena.rewind();
              return new Pass(arena, clips, kind);
            });
  }

  private void requireTokens(INDArray tokens) {
    if (tokens.rank() != 3
        || tokens.size(0) < 1
        || tokens.size(1) != grid.tokens()
        || tokens.size(2) != config.tubelet().values()) {
      throw new IllegalArgumentException(
          "Tokens of shape %s, expected [clips, %d, %d]"
              .formatted(
                  Arrays.toString(tokens.shape()), grid.tokens(), config.tubelet().values()));
    }
  }

  /** Buffers for one number of clips. */
  private final class Pass {
    private final int clips;
    private final Tensor embedded;
    private final Encoder.Pass spatialPass;
    private final Optional<Encoder.Pass> temporalPass;
    private final Tensor pooled;
    private final Tensor gradientIn;
    private final Tensor frameGradient;
    private Tensor input;

    Pass(Arena arena, int clips, Kind kind) {
      this.clips = clips;
      int frames = clips * grid.time();
      embedded = arena.take(frames, grid.spatial(), config.width());
      spatialPass = pass(spatial, arena, frames, kind);
      temporalPass = temporal.map(encoder -> pass(encoder, arena, clips, kind));
      pooled = arena.take(clips, config.width());
      gradientIn = arena.take(clips, config.width());
      frameGradient = arena.take(clips, grid.time(), config.width());
    }

    private Encoder.Pass pass(Encoder encoder, Arena arena, int sequences, Kind kind) {
      return kind == Kind.TRAINING
          ? encoder.trainingPass(arena, clips, sequences)
          : encoder.inferencePass(arena, clips, sequences);
    }

    void forward(INDArray tokens, Optional<DropMasks> masks, INDArray representations) {
      input = engine.adopt(tokens);
      engine.linear(input, embeddingKernel, embeddingBias, embedded);
      Tensor frames =
          spatialPass.forward(embedded, masks).rowMajor(0, clips, grid.time(), config.width());
      if (temporalPass.isPresent()) {
        engine.store(temporalPass.get().forward(frames, masks), representations);
      } else {
        engine.meanTokens(frames, pooled);
        engine.store(pooled, representations);
      }
    }

    void backward(INDArray gradient, Optional<INDArray> tokenGradient) {
      engine.copy(engine.adopt(gradient), gradientIn);
      Tensor dFrames;
      if (temporalPass.isPresent()) {
        dFrames = temporalPass.get().backward(gradientIn);
      } else {
        engine.meanTokensGradient(gradientIn, frameGradient);
        dFrames = frameGradient;
      }
      Tensor dEmbedded =
          spatialPass.backward(dFrames.rowMajor(0, (long) clips * grid.time(), config.width()));
      FlatTensors slopes = gradients.orElseThrow();
      engine.linearParameterGradient(
          input, dEmbedded, slopes.kernel("embedding/kernel"), slopes.vector("embedding/bias"));
      tokenGradient.ifPresent(
          array -> engine.linearInputGradient(dEmbedded, embeddingKernel, engine.adopt(array)));
    }
  }
}
