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
import static vivit.model.initialise.TinyStart.readout;
import static vivit.model.initialise.TinyStart.restoring;
import static vivit.model.initialise.TinyStart.temporal;
import static vivit.model.initialise.TinyStart.values;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.SpaceTime;

/** The rules of initialisation on checkpoints in memory; the golden cases check the numbers. */
class InitialiserTest {

  @Test
  void anImageModelWithoutAPlaceForItsTokenLosesIt() throws IOException {
    MemorySource image = image(3);
    ViViTConfig model = model(new FactorisedEncoder(2, 1), 3, 3, CLASSES);

    InitialisationReport report = Initialiser.plan(image, model, options());

    assertThat(origin(report, "cls_SpatialTransformer")).isInstanceOf(Origin.Kept.class);
    assertThat(origin(report, "SpatialTransformer" + TABLE)).isInstanceOf(Origin.Copied.class);
    assertThat(report.unused())
        .extracting(unused -> unused.tensor().name())
        .containsExactly("cls", "pre_logits/kernel", "pre_logits/bias", "head/kernel", "head/bias");
    assertThat(report.text())
        .contains("Initialised 37 of 60 parameters")
        .contains("not set: the file has no temporal encoder")
        .contains("the model has no parameter of this name")
        .contains("embedding/kernel [2, 2, 3, 12], frame 1 of 2, counted from 0");
    assertThat(image.read()).isEmpty();
  }

  @Test
  void aRepresentationLayerIsTakenOverWhereThereIsOne() throws IOException {
    ViViTConfig plain = model(new SpaceTime(2), 3, 3, CLASSES);
    ViViTConfig model =
        new ViViTConfig(
            plain.clip(),
            plain.tubelet(),
            plain.width(),
            plain.attentionHeads(),
            plain.mlpWidth(),
            plain.variant(),
            plain.readout(),
            0,
            plain.heads(),
            0,
            12);

    assertThat(origin(Initialiser.plan(image(3), model, options()), "pre_logits/kernel"))
        .isInstanceOf(Origin.Copied.class);
  }

  @Test
  void surplusBlocksAreSkippedAndMissingOnesStayRandom() throws IOException {
    MemorySource deep =
        MemorySource.of(ParameterIndex.of(model(new FactorisedEncoder(2, 3), 3, 3, CLASSES)));

    InitialisationReport shallower =
        Initialiser.plan(deep, model(new FactorisedEncoder(2, 2), 3, 3, CLASSES), options());
    InitialisationReport deeper =
        Initialiser.plan(deep, model(new FactorisedEncoder(2, 4), 3, 3, CLASSES), options());

    assertThat(shallower.warnings())
        .containsExactly(
            "TemporalTransformer has 3 blocks in the file and 2 in the model: the file's last 1 are"
                + " not used");
    assertThat(shallower.unused())
        .filteredOn(unused -> unused.tensor().name().contains("encoderblock_2"))
        .hasSize(16)
        .allMatch(unused -> unused.reason().equals("the model has 2 blocks only"));
    assertThat(deeper.warnings()).singleElement().asString().contains("last 1 stay random");
    assertThat(deeper.lines())
        .filteredOn(line -> line.parameter().name().contains("encoderblock_3"))
        .hasSize(16)
        .allMatch(line -> !line.isSet());
  }

  @Test
  void aVideoModelBecomesOneOfAnotherVariant() throws IOException {
    MemorySource two =
        MemorySource.of(ParameterIndex.of(model(new FactorisedEncoder(2, 1), 3, 3, CLASSES)));

    InitialisationReport one =
        Initialiser.plan(two, model(new SpaceTime(2), 3, 3, CLASSES), options());
    InitialisationReport pooled =
        Initialiser.plan(two, model(new AveragePool(2), 3, 3, CLASSES), options());

    assertThat(origin(one, "Transformer" + TABLE).description())
        .isEqualTo(
            "SpatialTransformer" + TABLE + " [1, 10, 12], repeated 3 times, row 0 as in the file");
    assertThat(one.unused())
        .anyMatch(unused -> unused.reason().equals("the model has no temporal encoder"));
    assertThat(origin(pooled, "cls_SpatialTransformer")).isInstanceOf(Origin.Copied.class);
  }

  @Test
  void oneProjectionIsSplitByHeadInOrder() throws IOException {
    ViViTConfig model = model(new SpaceTime(2), 3, 3, new Head("noun", 3), new Head("verb", 2));
    MemorySource scenic =
        MemorySource.of(ParameterIndex.of(model(new SpaceTime(2), 3, 3, new Head("both", 5))));
    InitialisationOptions options = restoring(EnumSet.allOf(ModelPart.class));
    float[] flat = new float[(int) ParameterIndex.of(model).length()];

    Initialiser.initialise(scenic, model, options, ParameterValues.of(flat));

    float[] whole = scenic.values("output_projection/kernel");
    float[] noun = values(model, flat, "output_projection/noun/kernel");
    float[] verb = values(model, flat, "output_projection/verb/kernel");
    for (int row = 0; row < 12; row++) {
      for (int column = 0; column < 5; column++) {
        float found = column < 3 ? noun[row * 3 + column] : verb[row * 2 + column - 3];
        assertThat(found).isEqualTo(whole[row * 5 + column]);
      }
    }
    assertThat(values(model, flat, "output_projection/verb/bias"))
        .containsExactly(Arrays.copyOfRange(scenic.values("output_projection/bias"), 3, 5));
    ViViTConfig other = model(new SpaceTime(2), 3, 3, new Head("noun", 3), new Head("verb", 4));
    assertThatThrownBy(() -> Initialiser.plan(scenic, other, options))
        .hasMessage(
            "Cannot initialise output_projection/noun/kernel from vit.npz: output_projection/kernel"
                + " is [12, 5] but this model needs [12, 7]; its classes differ; set"
                + " initialise.restore-head = false");
  }

  @Test
  void theTemporalAttentionOfModel3IsAChoice() throws IOException {
    ViViTConfig model =
        model(new FactorisedSelfAttention(2, AttentionOrder.SPACE_TIME), 3, 3, CLASSES);
    String time = "Transformer/encoderblock_1/MultiHeadDotProductAttention_time/";
    float[] before = drawn(model);
    for (TemporalAttention choice : TemporalAttention.values()) {
      float[] flat = before.clone();
      MemorySource image = image(3);
      InitialisationReport report =
          Initialiser.initialise(image, model, temporal(choice), ParameterValues.of(flat));

      String source = "Transformer/encoderblock_1/MultiHeadDotProductAttention_0/";
      for (String part : List.of("query", "key", "value", "out")) {
        for (String kind : List.of("/kernel", "/bias")) {
          float[] found = values(model, flat, time + part + kind);
          boolean zero =
              choice == TemporalAttention.ZERO
                  || (choice == TemporalAttention.ZERO_OUTPUT && part.equals("out"));
          float[] drawn = values(model, before, time + part + kind);
          assertThat(found)
              .as("%s of %s%s", choice, part, kind)
              .isEqualTo(
                  zero
                      ? new float[found.length]
                      : choice == TemporalAttention.RANDOM
                          ? drawn
                          : image.values(source + part + kind));
        }
      }
      assertThat(origin(report, "Transformer/encoderblock_0/LayerNorm_time/scale"))
          .isInstanceOf(Origin.Kept.class);
      assertThat(report.warnings()).hasSize(choice == TemporalAttention.ZERO ? 1 : 0);
    }
  }

  @Test
  void model3IsCopiedToModel3AndToNoOther() throws IOException {
    ViViTConfig three =
        model(new FactorisedSelfAttention(2, AttentionOrder.TIME_SPACE), 3, 3, CLASSES);
    MemorySource source = MemorySource.of(ParameterIndex.of(three));

    InitialisationReport report = Initialiser.plan(source, three, temporal(TemporalAttention.ZERO));

    assertThat(report.lines())
        .filteredOn(line -> !line.isSet())
        .allMatch(line -> line.parameter().name().startsWith("output_projection/"));
    assertThatThrownBy(
            () -> Initialiser.plan(source, model(new SpaceTime(2), 3, 3, CLASSES), options()))
        .isInstanceOf(InitialisationException.class)
        .hasMessageContaining("use a model of the variant factorised-self-attention");
  }

  @Test
  void aSpatialTableIsResizedToTheModelsOwnGrid() throws IOException {
    ViViTConfig wide =
        model(new ClipShape(6, 4, 10), new FactorisedEncoder(2, 1), Readout.TOKEN, CLASSES);

    InitialisationReport report =
        Initialiser.plan(image(3), wide, positions(PositionChange.RESIZE, UnsoundPositions.REFUSE));

    assertThat(origin(report, "SpatialTransformer" + TABLE).description())
        .contains("3 x 3 resized to 2 x 5");
  }

  @Test
  void theFileTellsItsReadout() throws IOException {
    ViViTConfig pooled = model(new ClipShape(6, 6, 6), new SpaceTime(2), Readout.MEAN, CLASSES);
    MemorySource gap = image(3).remove("cls");
    gap.put("Transformer" + TABLE, 1, 9, 12);

    assertThat(origin(Initialiser.plan(image(3), pooled, options()), "Transformer" + TABLE))
        .hasToString(
            origin(
                    Initialiser.plan(image(3), pooled, readout(SourceReadout.TOKEN)),
                    "Transformer" + TABLE)
                .toString())
        .extracting(Origin::description)
        .asString()
        .contains("without the file's row 0");
    assertThat(
            origin(
                    Initialiser.plan(gap, model(new SpaceTime(2), 3, 3, CLASSES), options()),
                    "Transformer" + TABLE)
                .description())
        .contains("row 0 as it was drawn");
    assertThatThrownBy(() -> Initialiser.plan(image(3).rename("cls", "clx"), pooled, options()))
        .hasMessageContaining("9 positions and a learned token, but no tensor is called cls")
        .hasMessageContaining("initialise.source-readout");
    assertThat(
            Initialiser.plan(image(3).rename("cls", "clx"), pooled, readout(SourceReadout.TOKEN))
                .unused())
        .anyMatch(unused -> unused.tensor().name().equals("clx"));
  }

  @Test
  void partsCanBeLeftOut() throws IOException {
    ViViTConfig three =
        model(new FactorisedSelfAttention(2, AttentionOrder.SPACE_TIME), 3, 3, CLASSES);

    InitialisationReport report = Initialiser.plan(image(3), three, restoring(Set.of()));

    assertThat(report.lines())
        .filteredOn(line -> !line.isSet())
        .extracting(line -> line.parameter().name())
        .contains("embedding/kernel", "embedding/bias", "Transformer" + TABLE)
        .contains("Transformer/encoderblock_0/MultiHeadDotProductAttention_space/out/bias")
        .doesNotContain("Transformer/encoderblock_0/MultiHeadDotProductAttention_time/out/bias");
    assertThat(report.unused())
        .anyMatch(unused -> unused.reason().equals("initialise.restore-embedding is off"))
        .anyMatch(unused -> unused.reason().equals("initialise.restore-positions is off"));
  }
}
