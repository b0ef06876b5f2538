package vivit.model.engine;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * The operations of a transformer, each with its gradient, on tensors of explicit shape and
 * strides.
 *
 * <p>An engine writes into tensors that its caller provides, and owns its scratch memory. By
 * default tensors are row-major, all axes before the last count as rows, outputs are overwritten,
 * inputs do not change, and no output overlaps an input. Kernels are {@code [in, out]} with the
 * input index fastest. Engines are not thread-safe.
 */
public interface Engine extends AutoCloseable {

  /** Layer norm's epsilon; docs/vivit.md, 2.3. */
  double LAYER_NORM_EPSILON = 1e-6;

  /** Describes implementation and device in one line. */
  String description();

  /** Allocates a row-major tensor with undefined contents. */
  Tensor allocate(long... shape);

  /** Frees a tensor's memory; its views become invalid. */
  void release(Tensor tensor);

  /** Creates the engine's view of a caller's array, which must have the engine's number type. */
  Tensor adopt(INDArray array);

  /** Copies numbers into a row-major tensor. */
  void load(double[] values, Tensor into);

  /** Copies the numbers out of a row-major tensor. */
  double[] read(Tensor x);

  /** {@code y = x W + b}; x {@code [n, in]}, y {@code [n, out]}. */
  void linear(Tensor x, Tensor kernel, Tensor bias, Tensor y);

  /** {@code y = r + x W + b}; x {@code [n, in]}, r and y {@code [n, out]}. */
  void linearResidual(Tensor x, Tensor kernel, Tensor bias, Tensor residual, Tensor y);

  /** {@code dx = dy W^T}; dy {@code [n, out]}, dx {@code [n, in]}. */
  void linearInputGradient(Tensor dy, Tensor kernel, Tensor dx);

  /**
   * {@code dW = x^T dy}, {@code db} = column sums of dy; x {@code [n, in]}, dy {@code [n, out]}.
   */
  void linearParameterGradient(Tensor x, Tensor dy, Tensor dKernel, Tensor dBias);

  /** {@code y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  void gelu(Tensor x, Tensor y);

  /** {@code dx} = derivative of {@link #gelu} at x, times dy; dx may be dy. */
  void geluGradient(Tensor x, Tensor dy, Tensor dx);

  /**
   * Layer norm over the last axis.
   *
   * @param statistics {@code [2, n]}, written: per row, the values that the engine's gradient needs
   */
  void layerNorm(Tensor x, Tensor scale, Tensor bias, Tensor statistics, Tensor y);

  /**
   * Gradient of {@link #layerNorm}. <em>Adds</em> to dx, which holds the gradient of the residual
   * path; overwrites dy.
   */
  void layerNormGradient(
      Tensor x, Tensor statistics, Tensor scale, Tensor dy, Tensor dx, Tensor dScale, Tensor dBias);

  /**
   * Shape of the stash that {@link #attention} leaves for its gradient.
   *
   * @param packed shape of query, key and value, {@code [..., n, 3 d]}
   */
  long[] attentionStash(long[] packed, HeadRange heads);

  /**
   * Scaled dot-product attention of every head over the tokens axis.
   *
   * @param packed {@code [..., n, 3 d]}: query, key and value side by side, each of {@code
   *     heads.heads()} blocks; any strides on the leading axes and the tokens axis
   * @param heads to compute; the columns of others are neither read nor written
   * @param dropout of the probabilities
   * @param stash written, of the shape {@link #attentionStash}
   * @param out {@code [..., n, d]}, strides as for {@code packed}
   */
  void attention(
      Tensor packed, HeadRange heads, Optional<DropoutMask> dropout, Tensor stash, Tensor out);

  /**
   * Gradient of {@link #attention} with respect to {@code packed}, with the same heads and dropout.
   * It may overwrite the stash, so it is called once per forward pass.
   *
   * @param out result of {@link #attention}
   */
  void attentionGradient(
      Tensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      Tensor stash,
      Tensor out,
      Tensor dOut,
      Tensor dPacked);

  /** {@code y = mask * x}, which is also its gradient; y may be x. */
  void dropout(Tensor x, DropoutMask mask, Tensor y);

  /** {@code y = tanh(x)}; y may be x. */
  void tanh(Tensor x, Tensor y);

  /** {@code dx = (1 - y^2) dy} where {@code y} is the result of {@link #tanh}; dx may be dy. */
  void tanhGradient(Tensor y, Tensor dy, Tensor dx);

  /**
   * {@code y = x + keep * branch}; keep {@code [b]} holds one number per block of rows; y may be
   * branch.
   */
  void addBranch(Tensor x, Tensor branch, Tensor keep, Tensor y);

  /** {@code y = x + y}. */
  void add(Tensor x, Tensor y);

  /** {@code y = keep * x}; keep {@code [b]} holds one number per block of rows. */
  void maskBranch(Tensor x, Tensor keep, Tensor y);

  /** {@code y[b] = tokens[b] + positions}; all {@code [n, d]}. */
  void addPositions(Tensor tokens, Tensor positions, Tensor y);

  /**
   * {@code y[b] = (token, tokens[b]) + positions}; tokens {@code [b, n, d]}, y {@code [b, n + 1,
   * d]}.
   */
  void prependToken(Tensor tokens, Tensor token, Tensor positions, Tensor y);

  /** {@code dPositions} = sum of dy over b; dy {@code [b, n, d]}, dPositions {@code [n, d]}. */
  void addPositionsGradient(Tensor dy, Tensor dPositions);

  /** {@code y[b] = x[b, 0]}; x {@code [b, n, d]}, y {@code [b, d]}. */
  void firstToken(Tensor x, Tensor y);

  /** {@code dx[b, 0] = dy[b]}, zero elsewhere. */
  void firstTokenGradient(Tensor dy, Tensor dx);

  /** {@code dx[b] = dy[b]} without its first token: the gradient of {@link #prependToken}. */
  void dropFirstToken(Tensor dy, Tensor dx);

  /** {@code y[b] = factor} times the sum of {@code x[b]} over tokens; x {@code [b, n, d]}. */
  void sumTokens(Tensor x, double factor, Tensor y);

  /** {@code dx[b, i] = factor dy[b]} for every token i. */
  void sumTokensGradient(Tensor dy, double factor, Tensor dx);

  /** {@code y[b, c]} = largest of {@code x[b, i, c]} over tokens i; x {@code [b, n, d]}. */
  void maxTokens(Tensor x, Tensor y);

  /**
   * {@code dx[b, i, c] = dy[b, c] / k} where {@code x[b, i, c] = y[b, c]}, zero elsewhere; k is the
   * number of tokens with this largest value.
   */
  void maxTokensGradient(Tensor x, Tensor y, Tensor dy, Tensor dx);

  /** {@code y = value} everywhere. */
  void fill(Tensor y, double value);

  /** {@code y = x}; x may have any strides. */
  void copy(Tensor x, Tensor y);

  /** Sum of the squares of all numbers. */
  double sumOfSquares(Tensor x);

  /**
   * One step of an {@link UpdateRule}, in place, with {@code g = gradient / divisor * shrink} and
   * the learning rate {@code rate * factor} (docs/vivit.md, 5.1 and 5.3).
   *
   * @param gradient {@code [n]}; undefined afterwards
   * @param states of the rule, {@code [n]} each
   * @param parameters w, {@code [n]}
   */
  void descend(Tensor gradient, List<Tensor> states, Tensor parameters, Descent descent);

  /**
   * Coefficients of {@link #descend}.
   *
   * @param updates done with these states, this one included: 1 at the first; what t is in {@link
   *     UpdateRule.AdamW}
   * @param divisor of the gradient, the number of clips
   * @param shrink factor of the gradient, below 1 where it is clipped
   * @param rate learning rate
   * @param factor of the learning rate for these parameters
   * @param keep factor of the parameters, below 1 with weight decay
   */
  record Descent(
      UpdateRule rule,
      long updates,
      double divisor,
      double shrink,
      double rate,
      double factor,
      double keep) {

    /** Refuses an update before the first. */
    public Descent {
      if (updates < 1) {
        throw new IllegalArgumentException("Update %d, expected 1 or more".formatted(updates));
      }
    }
  }

  /** Frees all memory of the engine; further calls do nothing. */
  @Override
  void close();
}
