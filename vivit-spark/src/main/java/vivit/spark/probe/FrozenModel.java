package vivit.spark.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import vivit.dataprep.storage.Sha256;
import vivit.model.Head;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.model.Model;

/**
 * The part of a model that computes features: everything below its heads.
 *
 * @param place where it was read from
 * @param config the model
 * @param backbone flat parameters, laid out as {@code ParameterIndex.backbone}
 * @param sha256 of sizes, variant and these parameters; heads do not count
 */
record FrozenModel(String place, ViViTConfig config, SlicedVector backbone, String sha256) {
  private static final int SLICE_LENGTH = 1 << 24;

  /** Reads the parameters. */
  static FrozenModel of(String place, Model model) throws IOException {
    ViViTConfig config = model.config();
    float[] all = model.parameters();
    int length = Math.toIntExact(ParameterIndex.backbone(config).length());
    SlicedVector backbone = new SlicedVector(length, SLICE_LENGTH);
    MessageDigest digest = Sha256.digest();
    digest.update(description(config).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < backbone.count(); i++) {
      int from = i * SLICE_LENGTH;
      float[] slice = Arrays.copyOfRange(all, from, Math.min(length, from + SLICE_LENGTH));
      backbone.slice(i, slice);
      ByteBuffer bytes =
          ByteBuffer.allocate(slice.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(slice);
      digest.update(bytes);
    }
    return new FrozenModel(place, config, backbone, Sha256.hex(digest));
  }

  /** Everything about the model but its heads and what only training uses. */
  private static String description(ViViTConfig config) {
    return ModelDescription.of(
            new ViViTConfig(
                config.clip(),
                config.tubelet(),
                config.width(),
                config.attentionHeads(),
                config.mlpWidth(),
                config.variant(),
                config.readout(),
                0,
                List.of(new Head("none", 2)),
                config.sampledFrames(),
                config.representationSize()))
        .json();
  }
}
