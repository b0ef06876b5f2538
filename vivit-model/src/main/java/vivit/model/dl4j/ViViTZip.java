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

/** A model in the zip that DL4J's {@code ModelSerializer} writes and reads. */
public final class ViViTZip {

  private ViViTZip() {}

  /**
   * What a zip holds.
   *
   * @param parameters flat, laid out as {@link vivit.model.parameter.ParameterIndex#of}
   */
  public record Content(ViViTConfig config, float[] parameters) {}

  /**
   * Reads a zip.
   *
   * @param file stays open
   * @throws IOException when it is damaged or holds another network than a ViViT
   */
  public static Content read(Bytes file) throws IOException {
    Checkpoints.requireIntactZip(file);
    try (InputStream in = file.stream()) {
      ComputationGraph graph = ModelSerializer.restoreComputationGraph(in, false);
      try {
        ViViTGraph.index(graph);
        return new Content(ViViTGraph.config(graph), graph.params().toFloatVector());
      } finally {
        graph.close();
      }
    } catch (IOException | RuntimeException damaged) {
      throw new IOException(
          "Cannot read %s: it is damaged, or no ViViT that DL4J wrote: %s"
              .formatted(file.name(), damaged.getMessage()),
          damaged);
    }
  }

  /**
   * Writes a model without its updater's state.
   *
   * @param parameters flat, laid out as {@link vivit.model.parameter.ParameterIndex#of}
   */
  public static void write(ViViTConfig config, float[] parameters, OutputStream out)
      throws IOException {
    ComputationGraph graph = ViViTGraph.create(config, 0);
    try (INDArray flat = Nd4j.createFromArray(parameters)) {
      graph.params().reshape(parameters.length).assign(flat);
      ModelSerializer.writeModel(graph, out, false);
    } finally {
      graph.close();
    }
  }
}
