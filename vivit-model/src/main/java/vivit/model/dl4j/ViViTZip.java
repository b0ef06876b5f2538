package vivit.model.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Bytes;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.Dl4jZip;
import vivit.model.checkpoint.TooLargeException;
import vivit.model.checkpoint.UnsupportedModelException;
import vivit.model.parameter.ParameterIndex;

/**
 * Reads and writes models in the zip format of DL4J's {@code ModelSerializer}; reads them without
 * it, as files of strangers.
 */
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
   * Reads a zip of a graph that {@link ViViTGraph} created, as this class or DL4J's {@code
   * ModelSerializer} writes it. No class is loaded or instantiated because the file names it.
   *
   * @param file stays open
   * @throws CorruptCheckpointException when the file is damaged, or holds anything else
   * @throws TooLargeException when the parameters do not fit the heap
   */
  public static ZippedModel read(Bytes file) throws IOException {
    Dl4jZip zip = Dl4jZip.open(file);
    JsonNode configuration = zip.configuration();
    ViViTConfig config;
    long parameters;
    try {
      config = WrittenGraph.config(configuration);
      parameters = ParameterIndex.of(config).length();
    } catch (RuntimeException unlike) {
      throw zip.refusal("is not that of a ViViT as DL4J writes it: " + unlike.getMessage(), unlike);
    }
    return new ZippedModel(config, zip.coefficients(parameters));
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
