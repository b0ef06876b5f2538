package vivit.spark.evaluate;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.dataprep.shard.StoredClip;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.input.ClipTokens;

/** A network that scores stored clips. Used by one thread at a time. */
public final class ClipScorer implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final ViViTConfig config;
  private final ComputationGraph graph;
  private final ClipTokens tokens;

  /**
   * Builds the network.
   *
   * @param slices the flat parameters, all slices but the last of {@code sliceLength} values
   */
  public ClipScorer(ViViTConfig config, List<float[]> slices, int sliceLength) {
    this.config = config;
    this.graph = ViViTGraph.create(config, 0);
    for (int i = 0; i < slices.size(); i++) {
      SlicedVector.place(slices.get(i), graph.params(), i, sliceLength);
    }
    this.tokens = new ClipTokens(config);
  }

  /**
   * Logits {@code [clips * crops][head][k]}, clip by clip, crop by crop, of one pass through the
   * network.
   *
   * <p>Of a stored clip with more frames than the model's, the middle ones are scored.
   */
  public float[][][] logits(List<StoredClip> clips, int crops) {
    int views = clips.size() * crops;
    float[] values = new float[Math.multiplyExact(views, tokens.values())];
    int view = 0;
    for (StoredClip clip : clips) {
      int height = config.clip().height();
      int width = config.clip().width();
      for (Crop crop : Crop.of(crops, clip.height(), clip.width(), height, width)) {
        tokens.write(cut(clip, crop), values, view * tokens.values());
        view++;
      }
    }
    return logits(values, views);
  }

  /**
   * Logits {@code [views][head][k]} of one pass through the network.
   *
   * @param values tokens {@code [views, n, t p p 3]}
   */
  public float[][][] logits(float[] values, int views) {
    float[][][] logits = new float[views][config.heads().size()][];
    try (INDArray input =
        Nd4j.createFromArray(values)
            .reshape(views, config.grid().tokens(), config.tubelet().values())) {
      INDArray[] heads = ViViTGraph.logits(graph, input);
      for (int head = 0; head < heads.length; head++) {
        float[][] rows = heads[head].toFloatMatrix();
        heads[head].close();
        for (int view = 0; view < views; view++) {
          logits[view][head] = rows[view];
        }
      }
    }
    return logits;
  }

  private byte[] cut(StoredClip clip, Crop crop) {
    int frames = config.clip().frames();
    int height = config.clip().height();
    int row = config.clip().width() * CHANNELS;
    if (clip.frames() < frames) {
      throw new IllegalArgumentException(
          "clip %s has %d frames, expected at least the model's %d; prepare longer clips"
              .formatted(clip.clipId(), clip.frames(), frames));
    }
    int first = (clip.frames() - frames) / 2;
    byte[] pixels = new byte[frames * height * row];
    for (int frame = 0; frame < frames; frame++) {
      for (int y = 0; y < height; y++) {
        int line = (first + frame) * clip.height() + crop.top() + y;
        System.arraycopy(
            clip.pixels(),
            (line * clip.width() + crop.left()) * CHANNELS,
            pixels,
            (frame * height + y) * row,
            row);
      }
    }
    return pixels;
  }

  @Override
  public void close() {
    graph.close();
  }
}
