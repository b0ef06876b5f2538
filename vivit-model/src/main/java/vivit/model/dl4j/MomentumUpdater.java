package vivit.model.dl4j;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** Runs {@link Momentum} on DL4J's flat state. */
final class MomentumUpdater implements GradientUpdater<Momentum> {

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
