package vivit.model.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Bytes;
import vivit.model.checkpoint.Checkpoints;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.UnsupportedModelException;
import vivit.model.parameter.ParameterIndex;

/** Reads and writes models in the zip format of DL4J's {@code ModelSerializer}. */
public final class ViViTZip {

  /** DL4J reads every member of a zip into one array. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

  private ViViTZip() {}

  /**
   * The model in a zip.
   *
   * @param parameters flat, laid out as {@link ParameterIndex#of}
   */
  public record ZippedModel(ViViTConfig config, float[] parameters) {}

  /**
   * Reads a zip.
   *
   * @param file stays open
   * @throws CorruptCheckpointException when the file is damaged, or holds a network other than a
   *     ViViT
   */
  public static ZippedModel read(Bytes file) throws IOException {
    Checkpoints.requireIntactZip(file, MOST_BYTES);
    try (InputStream in = file.stream()) {
      ComputationGraph graph = ModelSerializer.restoreComputationGraph(in, false);
      try {
        ViViTGraph.index(graph);
        return new ZippedModel(ViViTGraph.config(graph), graph.params().toFloatVector());
      } finally {
        graph.close();
      }
    } catch (IOException | RuntimeException damaged) {
      throw new CorruptCheckpointException(
          "Cannot read %s: it is damaged, or not a ViViT written by DL4J: %s (byte 0)"
              .formatted(file.name(), damaged.getMessage()),
          damaged);
    }
  }

  /**
   * Writes a model without the state of its updater.
   *
   * @param parameters flat, laid out as {@link ParameterIndex#of}
   * @throws UnsupportedModelException when they take more than 2 GiB
   */
  public static void write(ViViTConfig config, float[] parameters, OutputStream out)
      throws IOException {
    if ((long) parameters.length * Float.BYTES > MOST_BYTES) {
      throw new UnsupportedModelException(
          "Cannot write a DL4J zip: %d parameters take more than 2 GiB, and DL4J could not read it;"
                  .formatted(parameters.length)
              + " write safetensors instead");
    }
    ComputationGraph graph = ViViTGraph.create(config, 0);
    try (INDArray flat = Nd4j.createFromArray(parameters)) {
      graph.params().reshape(parameters.length).assign(flat);
      ModelSerializer.writeModel(graph, out, false);
    } finally {
      graph.close();
    }
  }
}
