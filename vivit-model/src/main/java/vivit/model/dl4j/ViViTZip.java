package vivit.model.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;

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
   * @param name of the file, for messages
   * @throws IOException when it is damaged or holds another network than a ViViT
   */
  public static Content read(InputStream in, String name) throws IOException {
    try {
      ComputationGraph graph = ModelSerializer.restoreComputationGraph(in, false);
      ViViTGraph.index(graph);
      return new Content(ViViTGraph.config(graph), graph.params().toFloatVector());
    } catch (RuntimeException damaged) {
      throw new IOException(
          "Cannot read %s: it is damaged, or no ViViT that DL4J wrote: %s"
              .formatted(name, damaged.getMessage()),
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
    graph.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    ModelSerializer.writeModel(graph, out, false);
  }
}
