package vivit.model;

/** How space and time meet; paper section 3.3. */
public sealed interface Variant {

  /** Blocks of the encoder that sees every tubelet. */
  int spatialLayers();

  /**
   * Model 2: a spatial encoder per time index, then a temporal encoder over the frames'
   * representations.
   */
  record FactorisedEncoder(int spatialLayers, int temporalLayers) implements Variant {
    /** Refuses encoders without blocks. */
    public FactorisedEncoder {
      requireLayers("spatial", spatialLayers);
      requireLayers("temporal", temporalLayers);
    }
  }

  /** The paper's baseline: Model 2 whose frame representations are averaged over time. */
  record AveragePool(int spatialLayers) implements Variant {
    /** Refuses an encoder without blocks. */
    public AveragePool {
      requireLayers("spatial", spatialLayers);
    }
  }

  private static void requireLayers(String encoder, int layers) {
    if (layers < 1) {
      throw new IllegalArgumentException(
          "The %s encoder has %d layers; it needs at least 1".formatted(encoder, layers));
    }
  }
}
