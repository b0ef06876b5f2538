package vivit.model.engine;

import vivit.model.engine.Engine.Descent;

/** The update of {@link Engine#descend} on part of the vectors, without an engine. */
public final class MomentumDescent {
  private MomentumDescent() {}

  /**
   * Updates the first {@code count} values, to the same bits as an engine.
   *
   * @param parameters overwritten
   * @param momentum overwritten
   */
  public static void apply(
      float[] parameters, float[] momentum, float[] gradient, int count, Descent descent) {
    Lanes.descend(parameters, momentum, gradient, count, descent);
  }
}
