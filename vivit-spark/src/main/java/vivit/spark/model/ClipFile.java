package vivit.spark.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.SafetensorsReader;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.shape.ClipShape;
import vivit.spark.input.ClipTokens;

/**
 * A clip as a tensor: a safetensors file with one tensor {@code [T, H, W, 3]}, uint8, or float of
 * pixels that are normalised already ({@code x * (2/255) - 1}).
 */
public final class ClipFile {
  private static final int RANK = 4;
  private static final int CHANNELS = 3;

  private ClipFile() {}

  /** The clip's size. */
  public static ClipShape shape(Configuration conf, String file) throws IOException {
    try (SafetensorsReader reader = open(conf, file)) {
      long[] shape = reader.current().shape();
      if (shape.length != RANK || shape[RANK - 1] != CHANNELS || reader.current().elements() == 0) {
        throw new IOException(
            "Cannot read %s as a clip: tensor %s has shape %s, expected [frames, height, width, 3]"
                .formatted(file, reader.current().name(), Arrays.toString(shape)));
      }
      return new ClipShape((int) shape[0], (int) shape[1], (int) shape[2]);
    }
  }

  private static SafetensorsReader open(Configuration conf, String file) throws IOException {
    Path path = new Path(file);
    InputStream in = new BufferedInputStream(path.getFileSystem(conf).open(path));
    try {
      SafetensorsReader reader = SafetensorsReader.open(in, file);
      if (reader.tensors().size() != 1 || !reader.next()) {
        throw new IOException(
            "Cannot read %s as a clip: it has %d tensors, expected one"
                .formatted(file, reader.tensors().size()));
      }
      return reader;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** The clip's tokens {@code [n, v]} for a model. */
  public static float[] tokens(Configuration conf, String file, ViViTConfig config)
      throws IOException {
    try (SafetensorsReader reader = open(conf, file)) {
      requireShape(file, reader.current(), config);
      ClipTokens tokens = new ClipTokens(config);
      float[] values = new float[tokens.values()];
      if (reader.current().type() == ElementType.U8) {
        tokens.write(bytes(reader.integers()), FloatBuffer.wrap(values));
      } else {
        float[] pixels = reader.floats();
        requireFinite(file, reader.current(), pixels);
        tokens.write(pixels, FloatBuffer.wrap(values));
      }
      return values;
    }
  }

  private static byte[] bytes(long[] pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    return bytes;
  }

  private static void requireShape(String file, TensorEntry tensor, ViViTConfig config)
      throws IOException {
    long[] expected = {
      config.clip().frames(), config.clip().height(), config.clip().width(), CHANNELS
    };
    boolean pixels =
        tensor.type() == ElementType.U8
            || tensor.type() == ElementType.F32
            || tensor.type() == ElementType.F64;
    if (tensor.shape().length != RANK || !Arrays.equals(tensor.shape(), expected) || !pixels) {
      throw new IOException(
          "Cannot read %s as a clip: tensor %s is %s %s, expected F32 or U8 %s, the model's frames, height, width and colours"
              .formatted(
                  file,
                  tensor.name(),
                  tensor.type(),
                  Arrays.toString(tensor.shape()),
                  Arrays.toString(expected)));
    }
  }

  private static void requireFinite(String file, TensorEntry tensor, float[] pixels)
      throws IOException {
    for (int i = 0; i < pixels.length; i++) {
      if (!Float.isFinite(pixels[i])) {
        throw new IOException(
            "Cannot use %s: number %d of tensor %s is %s"
                .formatted(file, i, tensor.name(), pixels[i]));
      }
    }
  }
}
