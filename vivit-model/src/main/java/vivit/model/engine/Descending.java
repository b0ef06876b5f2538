package vivit.model.engine;

import vivit.model.engine.Engine.Descent;

/** The update of {@link Engine#descend} on part of the vectors, without an engine. */
public final class Descending {
  private Descending() {}

  /**
   * Updates the first {@code count} values, to the same bits as an engine.
   *
   * @param parameters overwritten
   * @param states one array per {@link UpdateRule#states}, overwritten
   */
  public static void apply(
      float[] parameters, float[][] states, float[] gradient, int count, Descent descent) {
    Lanes.descend(parameters, states, gradient, count, descent);
  }
}
