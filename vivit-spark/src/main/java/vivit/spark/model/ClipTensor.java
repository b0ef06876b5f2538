package vivit.spark.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.SafetensorsReader;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TooLargeException;
import vivit.model.shape.ClipShape;
import vivit.spark.input.ClipTokens;

/**
 * A clip read from a tensor file: safetensors with one tensor {@code [T, H, W, 3]}, uint8, or float
 * of pixels that are already normalised ({@code x * (2/255) - 1}).
 */
public final class ClipTensor {
  private static final int RANK = 4;
  private static final int CHANNELS = 3;

  private final String file;
  private final TensorEntry tensor;
  private final byte[] bytes;
  private final float[] floats;

  /** Creates a clip; one of the two arrays is null. */
  private ClipTensor(String file, TensorEntry tensor, byte[] bytes, float[] floats) {
    this.file = file;
    this.tensor = tensor;
    this.bytes = bytes;
    this.floats = floats;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it holds anything but one clip, or a number that is not finite
   */
  public static ClipTensor read(Configuration conf, String file) throws IOException {
    Path path = new Path(file);
    FileSystem fs = OpenFileSystem.of(path, conf);
    if (!fs.exists(path)) {
      throw new IOException(
          "Cannot read %s as a clip: there is no such file; %s"
              .formatted(
                  MissingPath.name(fs, path), MissingPath.advice(fs, path, "check the path")));
    }
    try (InputStream in = new BufferedInputStream(fs.open(path));
        SafetensorsReader reader = SafetensorsReader.open(in, file)) {
      if (reader.tensors().size() != 1 || !reader.next()) {
        throw new IOException(
            "Cannot read %s as a clip: it has %d tensors, expected one"
                .formatted(file, reader.tensors().size()));
      }
      TensorEntry tensor = reader.current();
      requireClip(file, tensor);
      return switch (tensor.type()) {
        case U8 -> new ClipTensor(file, tensor, bytes(reader.integers()), null);
        case F32, F64 -> new ClipTensor(file, tensor, null, finite(file, tensor, reader.floats()));
        default ->
            throw new IOException(
                "Cannot read %s as a clip: tensor %s is %s, expected F32 or U8"
                    .formatted(file, tensor.name(), tensor.type()));
      };
    }
  }

  private static void requireClip(String file, TensorEntry tensor) throws IOException {
    long[] shape = tensor.shape();
    if (shape.length != RANK || shape[RANK - 1] != CHANNELS || tensor.elements() == 0) {
      throw new IOException(
          "Cannot read %s as a clip: tensor %s has shape %s, expected [frames, height, width, 3]"
              .formatted(file, tensor.name(), Arrays.toString(shape)));
    }
    try {
      shape(shape);
    } catch (ArithmeticException | IllegalArgumentException impossible) {
      throw new IOException(
          "Cannot read %s as a clip: %s".formatted(file, impossible.getMessage()), impossible);
    }
  }

  private static ClipShape shape(long[] sizes) {
    return new ClipShape(
        Math.toIntExact(sizes[0]), Math.toIntExact(sizes[1]), Math.toIntExact(sizes[2]));
  }

  private static byte[] bytes(long[] pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    return bytes;
  }

  private static float[] finite(String file, TensorEntry tensor, float[] pixels)
      throws IOException {
    for (int i = 0; i < pixels.length; i++) {
      if (!Float.isFinite(pixels[i])) {
        throw new IOException(
            "Cannot use %s: number %d of tensor %s is %s"
                .formatted(file, i, tensor.name(), pixels[i]));
      }
    }
    return pixels;
  }

  /** The clip's size. */
  public ClipShape shape() {
    return shape(tensor.shape());
  }

  /**
   * The clip's tokens {@code [n, v]} for a model.
   *
   * @throws IOException if the model takes clips of another size
   */
  public float[] tokens(ViViTConfig config) throws IOException {
    ClipShape clip = config.clip();
    long[] expected = {clip.frames(), clip.height(), clip.width(), CHANNELS};
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw new IOException(
          "Cannot read %s as a clip: tensor %s is %s %s, expected F32 or U8 %s, the model's frames, height, width and colours"
              .formatted(
                  file,
                  tensor.name(),
                  tensor.type(),
                  Arrays.toString(tensor.shape()),
                  Arrays.toString(expected)));
    }
    ClipTokens tokens = new ClipTokens(config);
    TooLargeException.requireRoom(file, "the clip", (long) tokens.values() * Float.BYTES);
    float[] values = new float[tokens.values()];
    if (bytes != null) {
      tokens.write(bytes, FloatBuffer.wrap(values));
    } else {
      tokens.write(floats, FloatBuffer.wrap(values));
    }
    return values;
  }
}
