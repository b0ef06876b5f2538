package vivit.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Registers with Kryo everything that crosses JVMs, so that {@code
 * spark.kryo.registrationRequired=true} works. The order must be the same everywhere, which one jar
 * ensures.
 *
 * <p>Kryo of Spark 3.5 cannot write records by field; they go by Java serialisation. Large arrays
 * travel in plain classes.
 */
public final class VivitRegistrator implements KryoRegistrator {

  /** Plain classes, by field; arrays. */
  private static final String[] BY_FIELD = {
    "vivit.spark.train.RoundPart",
    "vivit.spark.train.RoundPart$Contribution",
    "vivit.spark.train.RoundPart$Averaged",
    "vivit.spark.train.RoundPart[]",
  };

  /** Records and other small objects, by Java serialisation. */
  private static final String[] BY_JAVA = {
    "vivit.spark.train.RoundPart$WorkerReport",
    "vivit.spark.train.RoundPart$StepReport",
    "vivit.spark.train.RoundWork",
    "vivit.spark.train.RunSetup",
    "vivit.spark.evaluate.ViewLogits",
    "vivit.spark.evaluate.VideoScore",
    // What DL4J's stock training master sends.
    "org.datavec.spark.util.SerializableHadoopConfig",
    "org.nd4j.linalg.dataset.DataSet",
    "org.nd4j.linalg.dataset.MultiDataSet",
    "org.deeplearning4j.spark.api.worker.NetBroadcastTuple",
    "org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult",
    "org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingAggregationTuple",
  };

  /** Tensors of the backends; the one that is on the class path. */
  private static final String[] TENSORS = {
    "org.nd4j.linalg.cpu.nativecpu.NDArray", "org.nd4j.linalg.jcublas.JCublasNDArray",
  };

  @Override
  public void registerClasses(Kryo kryo) {
    for (String name : BY_FIELD) {
      kryo.register(load(name));
    }
    for (String name : BY_JAVA) {
      kryo.register(load(name), new JavaSerializer());
    }
    for (String name : TENSORS) {
      if (VivitRegistrator.class.getClassLoader().getResource(name.replace('.', '/') + ".class")
          != null) {
        kryo.register(load(name), new NdArraySerializer());
      }
    }
    kryo.register(float[].class);
    kryo.register(float[][].class);
    kryo.register(byte[].class);
    kryo.register(Object[].class);
    kryo.register(java.util.ArrayList.class);
  }

  private static Class<?> load(String name) {
    try {
      boolean array = name.endsWith("[]");
      Class<?> type =
          Class.forName(
              array ? name.substring(0, name.length() - 2) : name,
              false,
              VivitRegistrator.class.getClassLoader());
      return array ? type.arrayType() : type;
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(
          "Class " + name + " is not on the class path; use one version of the jar", missing);
    }
  }
}
