package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.storage.AtomicFile;
import vivit.model.ModelDescription;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationReport;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.NativeVector;
import vivit.spark.exchange.Peer;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/** The first version of a run's vectors on the executors: drawn, or read from a checkpoint. */
final class FirstVectors {
  static final String SUFFIX = ".safetensors";

  private FirstVectors() {}

  /** The vectors of a new run, and what is known about their origin. */
  record Started(Peer peer, List<String> report, List<String> warnings) implements Serializable {}

  /**
   * How to draw the vectors of a new run.
   *
   * @param from checkpoint that the run starts from; empty for random parameters
   * @param classes names of the classes of the only head; empty for several heads
   */
  record Draw(
      ModelDescription model,
      long seed,
      String from,
      InitialisationOptions options,
      List<String> classes,
      Slicing slicing,
      SliceTable table)
      implements Serializable {

    Started run(Configuration conf) throws IOException {
      Exchange exchange = Exchange.get();
      List<String> report = new ArrayList<>();
      List<String> warnings = new ArrayList<>();
      try (NativeVector parameters = new NativeVector(exchange.store(), slicing)) {
        StartingParameters.draw(model.config(), seed, parameters::write);
        if (!from.isEmpty()) {
          InitialisationReport restored =
              StartingParameters.restore(
                  from,
                  options,
                  model.config(),
                  classes,
                  new ParameterValues(parameters::read, parameters::write),
                  conf);
          report.add(restored.text());
          warnings.addAll(restored.warnings());
        }
        if (table.vectors().contains(RoundOrder.AVERAGE)) {
          try (NativeVector average = parameters.copy()) {
            average.publish(table, RoundOrder.AVERAGE);
          }
        }
        parameters.publish(table, RoundOrder.PARAMETERS);
      }
      for (String vector : table.vectors()) {
        boolean drawn = vector.equals(RoundOrder.PARAMETERS) || vector.equals(RoundOrder.AVERAGE);
        if (!drawn && !WorkerVectors.isOwn(vector)) {
          publishZeros(vector, slicing, table);
        }
      }
      return new Started(exchange.self(), report, warnings);
    }
  }

  private static void publishZeros(String vector, Slicing slicing, SliceTable table) {
    try (NativeVector zeros = new NativeVector(Exchange.get().store(), slicing)) {
      zeros.publish(table, vector);
    }
  }

  /** A worker's own vector, which begins at zero. */
  private record Zeros(String vector, Slicing slicing, SliceTable table) implements Serializable {

    Peer run() {
      publishZeros(vector, slicing, table);
      return Exchange.get().self();
    }
  }

  /**
   * Draws the vectors of a new run on an executor, and spreads the workers' own over all; the table
   * then names them.
   */
  static Started draw(JavaSparkContext sc, Draw draw) throws IOException {
    sc.setJobDescription("Start: draw the parameters");
    Started started =
        Tasks.run(sc, List.of(draw), Started.class, (item, hadoop) -> item.run(hadoop)).get(0);
    List<Zeros> own = new ArrayList<>();
    for (String vector : draw.table().vectors()) {
      if (WorkerVectors.isOwn(vector)) {
        own.add(new Zeros(vector, draw.slicing(), draw.table()));
      } else {
        hold(draw.table(), vector, started.peer());
      }
    }
    if (!own.isEmpty()) {
      List<Peer> peers = Tasks.run(sc, own, Peer.class, (item, hadoop) -> item.run());
      for (int i = 0; i < own.size(); i++) {
        hold(draw.table(), own.get(i).vector(), peers.get(i));
      }
    }
    return started;
  }

  private static void hold(SliceTable table, String vector, Peer peer) {
    for (int slice = 0; slice < table.slices(); slice++) {
      table.add(vector, slice, peer);
    }
  }

  /**
   * The end of a reading.
   *
   * @param problem the damage that was found; empty if there is none
   */
  private record Read(Peer peer, String problem) implements Serializable {}

  /** A file to read. */
  private record Reading(String folder, String vector, Slicing slicing, SliceTable table)
      implements Serializable {

    Read run(Configuration conf) throws IOException {
      Exchange exchange = Exchange.get();
      Path path = new Path(folder);
      try (NativeVector values = new NativeVector(exchange.store(), slicing)) {
        Checkpoint checkpoint = Checkpoint.open(AtomicFile.raw(path.getFileSystem(conf)), path);
        checkpoint.read(vector + SUFFIX, values::write);
        values.publish(table, vector);
        return new Read(exchange.self(), "");
      } catch (CorruptCheckpointException damage) { // no reason for Spark to try again
        return new Read(exchange.self(), damage.getMessage());
      }
    }
  }

  /**
   * Reads the vectors of a checkpoint on executors, which the table then names.
   *
   * @throws CorruptCheckpointException if it is damaged or cannot be read
   */
  static void read(JavaSparkContext sc, Checkpoint checkpoint, Slicing slicing, SliceTable table)
      throws IOException {
    List<Reading> files = new ArrayList<>();
    for (String vector : table.vectors()) {
      files.add(new Reading(checkpoint.folder().toString(), vector, slicing, table));
    }
    sc.setJobDescription("Start: read " + checkpoint.folder());
    List<Read> ends = Tasks.run(sc, files, Read.class, (item, hadoop) -> item.run(hadoop));
    for (int i = 0; i < files.size(); i++) {
      if (!ends.get(i).problem().isEmpty()) {
        throw new CorruptCheckpointException(ends.get(i).problem());
      }
      hold(table, files.get(i).vector(), ends.get(i).peer());
    }
  }
}
