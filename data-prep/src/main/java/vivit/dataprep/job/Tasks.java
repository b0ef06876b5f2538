package vivit.dataprep.job;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import vivit.dataprep.storage.NativeCache;

/**
 * Runs Spark jobs with one task per item, all with one copy of the driver's Hadoop configuration
 * per executor.
 *
 * <p>Items and results travel as byte arrays, which every serializer of Spark supports, even if
 * classes must be registered.
 */
public final class Tasks implements AutoCloseable {
  private final JavaSparkContext sc;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** Prepares jobs; to be closed after the last one. */
  public Tasks(JavaSparkContext sc) {
    this.sc = sc;
    this.hadoop = sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration()));
  }

  /** The work of one task, on an executor. */
  @FunctionalInterface
  public interface Task<A extends Serializable, R extends Serializable> extends Serializable {
    /** Processes an item; {@code hadoop} is the driver's Hadoop configuration. */
    R run(A item, Configuration hadoop) throws IOException;
  }

  /**
   * Runs the tasks of one job and returns their results, in the order of the items.
   *
   * @throws IOException if driver and executors run different versions of this program
   */
  public static <A extends Serializable, R extends Serializable> List<R> run(
      JavaSparkContext sc, List<A> items, Class<R> type, Task<A, R> task) throws IOException {
    return run(sc, items, item -> Optional.empty(), type, task);
  }

  /** Runs the tasks of one job where they are wanted, as the instance method does. */
  public static <A extends Serializable, R extends Serializable> List<R> run(
      JavaSparkContext sc,
      List<A> items,
      Function<A, Optional<String>> places,
      Class<R> type,
      Task<A, R> task)
      throws IOException {
    try (Tasks job = new Tasks(sc)) {
      return job.run(items, places, type, task);
    }
  }

  /**
   * Runs the tasks where they are wanted, if those executors are free, and returns their results,
   * in the order of the items.
   *
   * @param places the executor for an item, {@link #place}; empty for any
   */
  public <A extends Serializable, R extends Serializable> List<R> run(
      List<A> items, Function<A, Optional<String>> places, Class<R> type, Task<A, R> task)
      throws IOException {
    List<R> results = new ArrayList<>();
    if (items.isEmpty()) {
      return results;
    }
    List<Tuple2<byte[], Seq<String>>> packed = new ArrayList<>();
    for (A item : items) {
      List<String> wanted = places.apply(item).stream().toList();
      packed.add(new Tuple2<>(pack(item), JavaConverters.asScalaBuffer(wanted).toList()));
    }
    ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
    RDD<byte[]> rdd = sc.sc().makeRDD(JavaConverters.asScalaBuffer(packed).toSeq(), bytes);
    byte[][] packedResults = (byte[][]) sc.sc().runJob(rdd, new PackedTask<>(task, hadoop), bytes);
    for (byte[] result : packedResults) {
      results.add(type.cast(unpack(result)));
    }
    return results;
  }

  /** The name of an executor as a place for tasks. */
  public static String place(String host, String executor) {
    return "executor_%s_%s".formatted(host, executor);
  }

  @Override
  public void close() {
    hadoop.destroy();
  }

  /**
   * A task on the only item of its partition. An ordinary class, because Spark would read the code
   * of every lambda anew in every job, which takes longer than a short round.
   */
  private static final class PackedTask<A extends Serializable, R extends Serializable>
      extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Task<A, R> task;
    private final Broadcast<SerializableConfiguration> hadoop;

    PackedTask(Task<A, R> task, Broadcast<SerializableConfiguration> hadoop) {
      this.task = task;
      this.hadoop = hadoop;
    }

    @Override
    @SuppressWarnings("unchecked") // packed with this type
    public byte[] apply(TaskContext context, Iterator<byte[]> item) {
      try {
        NativeCache.secure();
        return pack(task.run((A) unpack(item.next()), hadoop.value().value()));
      } catch (IOException failed) {
        throw rethrown(failed);
      }
    }

    /** Scala's functions declare no exceptions, but let them pass. */
    @SuppressWarnings("unchecked") // erased
    private static <E extends Throwable> RuntimeException rethrown(Throwable failed) throws E {
      throw (E) failed;
    }
  }

  private static byte[] pack(Serializable object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object unpack(byte[] packed) throws IOException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(packed))) {
      return in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("Driver and executors run different versions of this program", e);
    }
  }
}
