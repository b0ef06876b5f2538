package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

class ScenicTreeTest {

  private static final String BLOCK = "SpatialTransformer/encoderblock_1/";

  private static List<TensorEntry> tensors(Variant variant, int representation, Head... heads) {
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(6, 6, 8),
            new Tubelet(2, 3, 2),
            12,
            4,
            10,
            variant,
            variant.kind() == Variant.Kind.FACTORISED_ENCODER ? Readout.TOKEN : Readout.MEAN,
            0,
            List.of(heads),
            0,
            representation);
    return ParameterIndex.of(config).parameters().stream()
        .map(p -> new TensorEntry(p.name(), ElementType.F32, p.shape(), 100 + p.offset()))
        .toList();
  }

  private static List<TensorEntry> factorised() {
    Variant variant = Variant.Kind.FACTORISED_ENCODER.of(2, 3, AttentionOrder.SPACE_TIME);
    return tensors(variant, 0, new Head("classes", 5));
  }

  @ParameterizedTest
  @EnumSource(Variant.Kind.class)
  void everyModelIsWhole(Variant.Kind kind) throws IOException {
    Variant variant = kind.of(2, 3, AttentionOrder.TIME_SPACE);
    ScenicTree.check("x", tensors(variant, 0, new Head("classes", 5)));
    ScenicTree.check("x", tensors(variant, 7, new Head("noun", 5), new Head("verb", 3)));
  }

  private static List<TensorEntry> changed(String name, TensorEntry... replacement) {
    List<TensorEntry> tensors = new ArrayList<>(factorised());
    assertThat(tensors.removeIf(tensor -> tensor.name().equals(name))).isTrue();
    tensors.addAll(List.of(replacement));
    return tensors;
  }

  private static void assertRefused(List<TensorEntry> tensors, String message) {
    assertThatThrownBy(() -> ScenicTree.check("x", tensors))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessage("Cannot read x: " + message);
  }

  @Test
  void everyTensorIsMissed() {
    for (TensorEntry tensor : factorised()) {
      if (!tensor.name().startsWith("cls_")) {
        assertRefused(changed(tensor.name()), "tensor " + tensor.name() + " is missing (byte 0)");
      }
    }
  }

  @Test
  void everyMisnamedTensorIsNamed() {
    for (TensorEntry tensor : factorised()) {
      String wrong = tensor.name() + "x";
      assertRefused(
          changed(tensor.name(), new TensorEntry(wrong, tensor.type(), tensor.shape(), 77)),
          "tensor " + wrong + " is not part of a ViT or ViViT (byte 77)");
    }
  }

  @Test
  void everyMisshapedTensorIsRefused() {
    for (TensorEntry tensor : factorised()) {
      long[] shape = tensor.shape();
      shape[0] += 1;
      if (!tensor.name().equals("embedding/kernel")) {
        assertThatThrownBy(
                () ->
                    ScenicTree.check(
                        "x",
                        changed(
                            tensor.name(),
                            new TensorEntry(tensor.name(), tensor.type(), shape, 77))))
            .as(tensor.name())
            .isInstanceOf(CorruptCheckpointException.class)
            .hasMessageContaining("has shape");
      }
    }
  }

  @Test
  void blocksOfTwoKindsAreNotMixed() {
    TensorEntry time =
        new TensorEntry(BLOCK + "LayerNorm_time/bias", ElementType.F32, new long[] {12}, 77);
    List<TensorEntry> tensors = new ArrayList<>(factorised());
    tensors.add(time);
    assertThatThrownBy(() -> ScenicTree.check("x", tensors))
        .isInstanceOf(CorruptCheckpointException.class);
  }

  @Test
  void strangersAreNamed() {
    assertRefused(
        List.of(TensorEntry.of("a", ElementType.F32), TensorEntry.of("b", ElementType.F32)),
        "this is not a ViT or ViViT; it holds [a, b] (byte 0)");
    assertRefused(
        List.of(
            TensorEntry.of("embedding/kernel", ElementType.F32, 1, 1, 3, 2),
            TensorEntry.of("embedding/bias", ElementType.F32, 2)),
        "there is an embedding but no Transformer, so this is not a ViT (byte 0)");
    assertRefused(
        List.of(TensorEntry.of("embedding/kernel", ElementType.F32, 1, 2)),
        "tensor embedding/kernel has shape [1, 2],"
            + " expected [(time,) height, width, 3, channels] (byte 0)");
  }
}
