package vivit.model.dl4j;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * DL4J updater for momentum without Nesterov or dampening: {@code v <- mu v + g; w <- w - lr v}.
 * The learning rate multiplies the buffer, so a new rate applies to the whole history;
 * docs/vivit.md, 5.3.
 *
 * <p>DL4J's own {@code Nesterovs} is a different rule.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public final class Momentum implements IUpdater {

  private static final long serialVersionUID = 1;

  private final double momentum;
  private double learningRate;
  private ISchedule learningRateSchedule;

  /** Creates an updater with a constant learning rate. */
  public Momentum(double learningRate, double momentum) {
    this(learningRate, momentum, null);
  }

  /** Creates an updater with a schedule, which replaces the constant unless null. */
  public Momentum(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("momentum") double momentum,
      @JsonProperty("learningRateSchedule") ISchedule learningRateSchedule) {
    this.learningRate = learningRate;
    this.momentum = momentum;
    this.learningRateSchedule = learningRateSchedule;
  }

  /** Updates the buffer, and overwrites the gradient with the step {@code lr v}. */
  static void apply(INDArray gradient, INDArray buffer, double momentum, double learningRate) {
    buffer.muli(momentum).addi(gradient);
    buffer.muli(learningRate, gradient);
  }

  @Override
  public long stateSize(long parameters) {
    return parameters;
  }

  @Override
  public GradientUpdater<Momentum> instantiate(INDArray state, boolean initialise) {
    MomentumUpdater updater = new MomentumUpdater(this);
    updater.setStateViewArray(state, state.shape(), state.ordering(), initialise);
    return updater;
  }

  @Override
  public GradientUpdater<Momentum> instantiate(Map<String, INDArray> state, boolean initialise) {
    MomentumUpdater updater = new MomentumUpdater(this);
    updater.setState(state, initialise);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    learningRate = rate;
    learningRateSchedule = schedule;
  }

  /** The factor mu. */
  public double momentum() {
    return momentum;
  }

  @Override
  public Momentum clone() {
    return new Momentum(learningRate, momentum, learningRateSchedule);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Momentum that
        && learningRate == that.learningRate
        && momentum == that.momentum
        && Objects.equals(learningRateSchedule, that.learningRateSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, momentum, learningRateSchedule);
  }

  /** Applies {@link Momentum} to DL4J's flat state. */
  private static final class MomentumUpdater implements GradientUpdater<Momentum> {

    private static final String BUFFER = "M";

    private final Momentum config;
    private INDArray buffer;

    MomentumUpdater(Momentum config) {
      this.config = config;
    }

    @Override
    public Momentum getConfig() {
      return config;
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialise) {
      buffer = state.get(BUFFER);
      if (buffer == null || state.size() != 1) {
        throw new IllegalStateException(
            "Momentum's state holds %s, expected %s".formatted(state.keySet(), BUFFER));
      }
      if (initialise) {
        buffer.assign(0);
      }
    }

    @Override
    public Map<String, INDArray> getState() {
      return Map.of(BUFFER, buffer);
    }

    @Override
    public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialise) {
      buffer = view;
      if (initialise) {
        buffer.assign(0);
      }
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      Momentum.apply(
          gradient,
          buffer.reshape(gradient.shape()),
          config.momentum(),
          config.getLearningRate(iteration, epoch));
    }
  }
}
