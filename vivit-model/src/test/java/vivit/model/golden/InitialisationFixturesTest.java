package vivit.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Checkpoints;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.initialise.InitialisationReport;
import vivit.model.initialise.Initialiser;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.initialise.KernelInflation;
import vivit.model.initialise.Origin;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

/** Parameters after initialisation from image and video checkpoints; see the folder's README. */
class InitialisationFixturesTest {

  private static final double COMPUTED = 1e-6;

  @TestFactory
  Stream<DynamicTest> tellsTheReadoutFromTheFile() {
    return cases().map(file -> DynamicTest.dynamicTest(name(file), () -> check(file, false)));
  }

  @Test
  void theModuleHasEveryPublicCase() {
    assertThat(cases()).hasSize(14);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static Stream<Path> cases() {
    return GoldenFolder.cases(GoldenFolder.OWN, "initialisation").stream();
  }

  static void check(Path file, boolean asTheCaseSays) throws IOException {
    GoldenCase golden = GoldenCase.read(file);
    ViViTConfig config = golden.config();
    ParameterIndex index = ParameterIndex.of(config);
    float[] before = start(golden, index);
    float[] flat = before.clone();
    ParameterValues values = ParameterValues.of(flat);
    InitialisationReport report;
    Path source = file.resolveSibling(golden.json().get("source").asText());
    try (TensorSource checkpoint = Checkpoints.open(source)) {
      report =
          Initialiser.initialise(
              checkpoint, config, options(golden.json().get("options"), asTheCaseSays), values);
    }
    for (InitialisationReport.ParameterOrigin line : report.lines()) {
      Parameter parameter = line.parameter();
      float[] found = values.read(parameter);
      String stored = withoutHead(parameter.name());
      if (!golden.tensors().containsKey("after/" + stored)) {
        assertThat(line.isSet()).as(parameter.name()).isFalse();
        assertThat(found)
            .as(parameter.name())
            .isEqualTo(ParameterValues.of(before).read(parameter));
      } else {
        double[] expected = golden.parameterValues("after/", parameter, config.heads());
        if (stored.equals(parameter.name())) {
          assertThat(parameter.shape()).isEqualTo(golden.shapes().get("after/" + stored));
        }
        boolean exact = line.origin() instanceof Origin.Copied;
        Tolerances.check(
            parameter.name(),
            doubles(found),
            expected,
            exact ? 0 : COMPUTED * Tolerances.largest(expected));
      }
    }
    assertThat(texts(golden.json().get("keep_random_initialisation")))
        .containsExactlyInAnyOrderElementsOf(
            report.lines().stream()
                .filter(line -> !line.isSet())
                .map(line -> withoutHead(line.parameter().name()))
                .distinct()
                .toList());
  }

  /** With several heads, the name of the one projection that the cases have. */
  private static String withoutHead(String parameter) {
    return parameter.replaceFirst("^output_projection/.*/", "output_projection/");
  }

  /** Random numbers everywhere, and the model's own tables where the case gives them. */
  private static float[] start(GoldenCase golden, ParameterIndex index) throws IOException {
    float[] flat = new float[(int) index.length()];
    Random random = new Random(7);
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) random.nextGaussian();
    }
    for (Parameter parameter : index.parameters()) {
      double[] own = golden.tensors().get("before/" + parameter.name());
      if (own != null) {
        ParameterValues.of(flat).write(parameter, floats(own));
      }
    }
    return flat;
  }

  /** The options of the case, or those with automatic or sound choices. */
  private static InitialisationOptions options(JsonNode options, boolean asTheCaseSays) {
    EnumSet<ModelPart> restored =
        EnumSet.of(ModelPart.EMBEDDING, ModelPart.POSITIONS, ModelPart.SPATIAL_ATTENTION);
    if (!options.path("restore_input_embedding").asBoolean(true)) {
      restored.remove(ModelPart.EMBEDDING);
    }
    if (!options.path("restore_positional_embedding").asBoolean(true)) {
      restored.remove(ModelPart.POSITIONS);
    }
    if (!options.path("init_spatial_transformer").asBoolean(true)) {
      restored.remove(ModelPart.SPATIAL_ATTENTION);
    }
    if (options.path("restore_output_proj").asBoolean(false)) {
      restored.add(ModelPart.HEAD);
    }
    SourceReadout readout =
        options.path("source_classifier").asText("token").equals("token")
            ? SourceReadout.TOKEN
            : SourceReadout.POOLED;
    return new InitialisationOptions(
        switch (options.path("kernel_init_method").asText("central_frame_initializer")) {
          case "central_frame_initializer" -> KernelInflation.CENTRAL_FRAME;
          case "average_frame_initializer" -> KernelInflation.AVERAGE;
          case "average_arp_frame_initializer" -> KernelInflation.RANK_POOLING;
          default -> throw new IllegalArgumentException(options.toString());
        },
        switch (options.path("positional_embed_size_change").asText("tile")) {
          case "tile" -> PositionChange.TILE;
          case "resize" -> PositionChange.RESIZE;
          case "resize_tile" -> PositionChange.RESIZE_TILE;
          default -> throw new IllegalArgumentException(options.toString());
        },
        asTheCaseSays ? UnsoundPositions.ALLOW : UnsoundPositions.REFUSE,
        asTheCaseSays ? readout : SourceReadout.AUTO,
        options.path("init_temporal_transformer").asBoolean(true)
            ? TemporalAttention.COPY
            : TemporalAttention.RANDOM,
        restored);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
