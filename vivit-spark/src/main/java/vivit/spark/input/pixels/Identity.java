package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/** Changes nothing; one of RandAugment's draws in twelve. */
public record Identity() implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {}
}
