package vivit.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.serializer.KryoRegistrator;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.job.TaskRegistrator;
import vivit.dataprep.storage.NativeCache;

/**
 * Registers with Kryo every class that crosses JVMs, so that {@code
 * spark.kryo.registrationRequired=true} works. The order must be the same in all JVMs, which one
 * common jar ensures.
 *
 * <p>Kryo in Spark 3.5 cannot write records by field, so records use Java serialisation. Large
 * arrays are sent in plain classes.
 */
public final class VivitRegistrator implements KryoRegistrator {

  /** Arrays, and plain classes, which are written by field. */
  private static final List<Class<?>> BY_FIELD =
      load(
          "vivit.spark.train.RoundPart",
          "vivit.spark.train.RoundPart$Contribution",
          "vivit.spark.train.RoundPart$Averaged",
          "vivit.spark.train.RoundPart[]");

  /** Records and other small objects, which use Java serialisation. */
  private static final List<Class<?>> BY_JAVA =
      load(
          "vivit.spark.train.RoundPart$WorkerReport",
          "vivit.spark.train.RoundPart$StepOutcome",
          "vivit.spark.train.RoundPlanner$RoundWork",
          "vivit.spark.train.RunSetup",
          "vivit.spark.evaluate.VideoScore$ViewLogits",
          "vivit.spark.evaluate.VideoScore",
          // The classes that DL4J's own training master sends.
          "org.datavec.spark.util.SerializableHadoopConfig",
          "org.nd4j.linalg.dataset.DataSet",
          "org.nd4j.linalg.dataset.MultiDataSet",
          "org.deeplearning4j.spark.api.worker.NetBroadcastTuple",
          "org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult",
          "org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingAggregationTuple");

  /** The tensor classes of the backends; one is on the class path. */
  private static final List<Class<?>> TENSORS =
      Stream.of("org.nd4j.linalg.cpu.nativecpu.NDArray", "org.nd4j.linalg.jcublas.JCublasNDArray")
          .filter(VivitRegistrator::isPresent)
          .<Class<?>>map(VivitRegistrator::loadOne)
          .toList();

  @Override
  public void registerClasses(Kryo kryo) {
    try {
      NativeCache.secure(); // tensors may arrive before a task of ours begins
    } catch (IOException unwritable) {
      throw new Refusal(unwritable.getMessage(), unwritable);
    }
    BY_FIELD.forEach(kryo::register);
    BY_JAVA.forEach(type -> kryo.register(type, new JavaSerializer()));
    TENSORS.forEach(type -> kryo.register(type, new NdArraySerializer()));
    kryo.register(float[].class);
    kryo.register(float[][].class);
    new TaskRegistrator().registerClasses(kryo);
  }

  private static boolean isPresent(String name) {
    String file = name.replace('.', '/') + ".class";
    return VivitRegistrator.class.getClassLoader().getResource(file) != null;
  }

  private static List<Class<?>> load(String... names) {
    return Arrays.stream(names).<Class<?>>map(VivitRegistrator::loadOne).toList();
  }

  private static Class<?> loadOne(String name) {
    try {
      boolean array = name.endsWith("[]");
      Class<?> type =
          Class.forName(
              array ? name.substring(0, name.length() - 2) : name,
              false,
              VivitRegistrator.class.getClassLoader());
      return array ? type.arrayType() : type;
    } catch (ClassNotFoundException missing) {
      throw new Refusal(
          "Class " + name + " is not on the class path; use one version of the jar", missing);
    }
  }
}
