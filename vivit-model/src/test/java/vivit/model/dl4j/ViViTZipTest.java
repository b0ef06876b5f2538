package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Bytes;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

/** Zips of {@code ModelSerializer} give the same numbers as {@code ModelSerializer} reads. */
class ViViTZipTest {

  @TempDir Path folder;

  private static ViViTConfig config(Variant variant) {
    return new ViViTConfig(
        new ClipShape(4, 8, 12),
        new Tubelet(2, 4, 4),
        6,
        3,
        10,
        variant,
        Readout.MEAN,
        0.1,
        List.of(new Head("noun", 5), new Head("verb", 2, Loss.SIGMOID)),
        0,
        7);
  }

  /** Reads both ways. */
  private static ViViTZip.ZippedModel asDl4jDoes(Path zip) throws IOException {
    ViViTZip.ZippedModel ours;
    try (Bytes file = Bytes.of(zip)) {
      ours = ViViTZip.read(file);
    }
    try (ByteArrayInputStream in = new ByteArrayInputStream(Files.readAllBytes(zip))) {
      ComputationGraph theirs = ModelSerializer.restoreComputationGraph(in, false);
      assertThat(ours.parameters()).isEqualTo(theirs.params().toFloatVector());
      assertThat(ours.config()).isEqualTo(ViViTGraph.config(theirs));
      theirs.close();
    }
    return ours;
  }

  /** Written by version 0.2.0 before it had a reader of its own; docs in the folder above. */
  @ParameterizedTest
  @ValueSource(strings = {"one-vivit.zip", "two-vivit.zip", "one-updater.zip", "double.zip"})
  void oldFilesAreRead(String name) throws IOException, URISyntaxException {
    Path zip = Path.of(getClass().getResource("/checkpoints/dl4j/" + name).toURI());
    ViViTZip.ZippedModel model = asDl4jDoes(zip);
    assertThat(model.parameters()[4]).isNotZero();
    if (name.endsWith("-vivit.zip")) {
      assertThat(model.parameters()[4]).isEqualTo(1f / 7);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void trainedGraphsOfDl4jAreRead(DataType type) throws IOException {
    ViViTConfig config = config(new FactorisedSelfAttention(2, AttentionOrder.TIME_SPACE));
    ComputationGraph graph = ViViTGraph.create(config, 11, type);
    graph.fit(
        new org.nd4j.linalg.dataset.MultiDataSet(
            new org.nd4j.linalg.api.ndarray.INDArray[] {Nd4j.rand(type, 2, 12L, 96L)},
            new org.nd4j.linalg.api.ndarray.INDArray[] {
              Nd4j.ones(type, 2, 5).divi(5), Nd4j.ones(type, 2, 2)
            }));
    graph.incrementEpochCount();
    for (boolean updater : new boolean[] {false, true}) {
      Path zip = folder.resolve(updater + ".zip");
      ModelSerializer.writeModel(graph, zip.toFile(), updater);
      assertThat(asDl4jDoes(zip).config()).isEqualTo(config);
    }
    graph.close();
  }

  @Test
  void writtenIsRead() throws IOException {
    ViViTConfig config = config(new FactorisedEncoder(1, 1));
    ComputationGraph graph = ViViTGraph.create(config, 3);
    float[] parameters = graph.params().toFloatVector();
    graph.close();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ViViTZip.write(config, parameters, out);
    Path zip = folder.resolve("model.zip");
    Files.write(zip, out.toByteArray());
    assertThat(asDl4jDoes(zip).parameters()).isEqualTo(parameters);
  }
}
