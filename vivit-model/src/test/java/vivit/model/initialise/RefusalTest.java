package vivit.model.initialise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vivit.model.initialise.TinyStart.CLASSES;
import static vivit.model.initialise.TinyStart.TABLE;
import static vivit.model.initialise.TinyStart.drawn;
import static vivit.model.initialise.TinyStart.image;
import static vivit.model.initialise.TinyStart.model;
import static vivit.model.initialise.TinyStart.options;
import static vivit.model.initialise.TinyStart.origin;
import static vivit.model.initialise.TinyStart.positions;
import static vivit.model.initialise.TinyStart.restoring;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.SpaceTime;

/**
 * Checkpoints that do not fit: the message names the found and the expected shape, and a remedy.
 */
class RefusalTest {

  @Test
  void aMapOverAllOfTimeIsRefusedUnlessItIsAskedFor() throws IOException {
    // 4 times 3 x 3 tokens are 36 = 6 x 6
    ViViTConfig four =
        model(new FactorisedSelfAttention(2, AttentionOrder.SPACE_TIME), 4, 3, CLASSES);
    InitialisationOptions resize = positions(PositionChange.RESIZE, UnsoundPositions.REFUSE);

    assertThatThrownBy(() -> Initialiser.plan(image(3), four, resize))
        .hasMessage(
            "Cannot initialise Transformer/posembed_input/pos_embedding from vit.npz: [1, 10, 12]"
                + " has 9 positions, the model 36 (4 x 3 x 3); resize would make one map of all 4"
                + " time indices; use initialise.positions = tile");
    assertThatThrownBy(() -> Initialiser.plan(image(5), four, resize))
        .hasMessageEndingWith("use initialise.positions = resize-tile");
    assertThatThrownBy(() -> Initialiser.plan(image(5), four, options()))
        .hasMessageContaining("tile repeats them along time, so they must be the 9")
        .hasMessageEndingWith("use initialise.positions = resize-tile");
    assertThatThrownBy(
            () -> Initialiser.plan(image(2), four, options())) // 9 copies of 4 would fit by chance
        .hasMessageContaining("has 4 positions, the model 36");

    InitialisationOptions asked = positions(PositionChange.RESIZE, UnsoundPositions.ALLOW);
    assertThat(origin(Initialiser.plan(image(3), four, asked), "Transformer" + TABLE).description())
        .contains("3 x 3 resized to 6 x 6");
  }

  @Test
  void whatDoesNotFitIsRefusedByBothShapes() {
    ViViTConfig model = model(new SpaceTime(2), 3, 3, CLASSES);

    assertThatThrownBy(
            () -> Initialiser.plan(MemorySource.image(3, 2, 24, 3, 20, 2), model, options()))
        .isInstanceOf(InitialisationException.class)
        .hasMessage(
            "Cannot initialise embedding/kernel from vit.npz: embedding/kernel is [2, 2, 3, 24] but"
                + " this model needs [2, 2, 3, 12] or [2, 2, 2, 3, 12]; use a checkpoint of width"
                + " 12, 3 heads, MLP width 20 and patches of 2 x 2");
    assertThatThrownBy(
            () -> Initialiser.plan(MemorySource.image(3, 2, 12, 4, 20, 2), model, options()))
        .hasMessageContaining("query/kernel is [12, 4, 3] but this model needs [12, 3, 4]");
    assertThatThrownBy(() -> Initialiser.plan(image(3).put("cls", 12), model, options()))
        .hasMessageContaining("cls is [12] but this model needs [1, 1, 12]");
    assertThatThrownBy(
            () -> Initialiser.plan(image(3).put("Transformer" + TABLE, 9, 12), model, options()))
        .hasMessageContaining("is [9, 12] but this model needs tables [1, n, 12]");
  }

  @Test
  void whatIsMissingOrMisnamedIsRefused() {
    ViViTConfig model = model(new SpaceTime(2), 3, 3, CLASSES);
    String block = "Transformer/encoderblock_1/";

    assertThatThrownBy(
            () ->
                Initialiser.plan(
                    image(3).rename(block + "LayerNorm_1/scale", block + "LayerNorm_1/scal"),
                    model,
                    options()))
        .hasMessageContaining("it has no tensor " + block + "LayerNorm_1/scale; the file is")
        .hasMessageContaining("incomplete");
    assertThatThrownBy(
            () ->
                Initialiser.plan(
                    image(3).put("Transformer/encoderblock_11/LayerNorm_0/bias", 12),
                    model,
                    options()))
        .hasMessageContaining("encoderblock_11 found, but no encoderblock_2");
    assertThatThrownBy(() -> Initialiser.plan(new MemorySource().put("a", 1), model, options()))
        .hasMessageContaining("neither of the encoders");
    assertThatThrownBy(
            () -> Initialiser.plan(image(3).put("SpatialTransformer/x", 1), model, options()))
        .hasMessageContaining("both of the encoders");
    assertThatThrownBy(
            () -> Initialiser.plan(image(3), model, restoring(EnumSet.allOf(ModelPart.class))))
        .hasMessageContaining("it has no tensor output_projection/kernel");
  }

  @Test
  void nothingIsWrittenFromAFileThatDoesNotFit() {
    ViViTConfig model = model(new SpaceTime(2), 3, 3, CLASSES);
    float[] flat = drawn(model);
    float[] before = flat.clone();

    assertThatThrownBy(
            () ->
                Initialiser.initialise(
                    image(3).remove("Transformer/encoder_norm/bias"),
                    model,
                    options(),
                    ParameterValues.of(flat)))
        .isInstanceOf(InitialisationException.class);
    assertThat(flat).isEqualTo(before);
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    ViViTConfig model = model(new SpaceTime(2), 3, 3, CLASSES);
    MemorySource image = image(3);
    image.values("embedding/bias")[5] = Float.NaN;

    assertThatThrownBy(
            () -> Initialiser.initialise(image, model, options(), ParameterValues.of(drawn(model))))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("tensor embedding/bias holds NaN at element 5");
  }

  @Test
  void rankPoolingNeedsTwoFrames() {
    ViViTConfig model =
        new ViViTConfig(
            new ClipShape(3, 6, 6),
            new Tubelet(1, 2, 2),
            12,
            3,
            20,
            new SpaceTime(2),
            Readout.TOKEN,
            0,
            List.of(CLASSES));
    InitialisationOptions pooling =
        new InitialisationOptions(
            KernelInflation.RANK_POOLING,
            PositionChange.TILE,
            UnsoundPositions.REFUSE,
            SourceReadout.AUTO,
            TemporalAttention.COPY,
            options().restored());

    assertThatThrownBy(() -> Initialiser.plan(image(3), model, pooling))
        .hasMessageContaining("rank pooling of tubelets of 1 frame gives zeros");
  }
}
