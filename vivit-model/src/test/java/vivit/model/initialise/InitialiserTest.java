package vivit.model.initialise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.initialise.InitialisationOptions.Part;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.parameter.Initialisation;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AttentionOrder;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;

/** The rules of taking over, on checkpoints in memory; the golden cases check the numbers. */
class InitialiserTest {
  private static final String TABLE = "/posembed_input/pos_embedding";
  private static final Head CLASSES = new Head("classes", 4);

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
    InitialisationOptions options = restoring(EnumSet.allOf(Part.class));
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
                + " is [12, 5] but this model needs [12, 7]; its classes are others; set"
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
            () -> Initialiser.plan(image(3), model, restoring(EnumSet.allOf(Part.class))))
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

  private static MemorySource image(int side) {
    return MemorySource.image(side, 2, 12, 3, 20, 2);
  }

  /** Tubelets of 2 x 2 x 2, {@code times} x {@code side} x {@code side} tokens. */
  private static ViViTConfig model(Variant variant, int times, int side, Head... heads) {
    boolean token = !(variant instanceof FactorisedSelfAttention);
    return model(
        new ClipShape(2 * times, 2 * side, 2 * side),
        variant,
        token ? Readout.TOKEN : Readout.MEAN,
        heads);
  }

  private static ViViTConfig model(
      ClipShape clip, Variant variant, Readout readout, Head... heads) {
    return new ViViTConfig(
        clip, new Tubelet(2, 2, 2), 12, 3, 20, variant, readout, 0, List.of(heads));
  }

  private static InitialisationOptions options() {
    return InitialisationOptions.defaults();
  }

  private static InitialisationOptions restoring(Set<Part> parts) {
    return options(
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        SourceReadout.AUTO,
        TemporalAttention.COPY,
        parts);
  }

  private static InitialisationOptions positions(PositionChange change, UnsoundPositions unsound) {
    return options(
        change, unsound, SourceReadout.AUTO, TemporalAttention.COPY, options().restored());
  }

  private static InitialisationOptions temporal(TemporalAttention choice) {
    return options(
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        SourceReadout.AUTO,
        choice,
        options().restored());
  }

  private static InitialisationOptions readout(SourceReadout readout) {
    return options(
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        readout,
        TemporalAttention.COPY,
        options().restored());
  }

  private static InitialisationOptions options(
      PositionChange change,
      UnsoundPositions unsound,
      SourceReadout readout,
      TemporalAttention temporal,
      Set<Part> parts) {
    return new InitialisationOptions(
        KernelInflation.CENTRAL_FRAME, change, unsound, readout, temporal, parts);
  }

  private static Origin origin(InitialisationReport report, String parameter) {
    return report.origin(parameter).orElseThrow();
  }

  private static float[] drawn(ViViTConfig model) {
    ParameterIndex index = ParameterIndex.of(model);
    float[] flat = new float[(int) index.length()];
    for (Parameter parameter : index.parameters()) {
      double[] values = Initialisation.values(parameter, 3);
      for (int i = 0; i < values.length; i++) {
        flat[(int) parameter.offset() + i] = (float) values[i];
      }
    }
    return flat;
  }

  private static float[] values(ViViTConfig model, float[] flat, String parameter)
      throws IOException {
    return ParameterValues.of(flat).read(ParameterIndex.of(model).parameter(parameter));
  }
}
