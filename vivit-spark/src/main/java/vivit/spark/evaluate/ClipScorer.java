package vivit.spark.evaluate;

import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.dataprep.shard.StoredClip;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.TokenBuffer;

/** A network that scores clips. Not thread-safe. */
public final class ClipScorer implements AutoCloseable {
  private final ViViTConfig config;
  private final ComputationGraph graph;

  /**
   * Builds the network.
   *
   * @param parameters writes the flat parameters into the network's vector
   */
  public ClipScorer(ViViTConfig config, Scoring.Parameters parameters) throws IOException {
    this.config = config;
    this.graph = ViViTGraph.create(config, 0);
    try {
      parameters.copyTo(graph.params());
    } catch (IOException | RuntimeException failed) {
      graph.close();
      throw failed;
    }
  }

  /**
   * Computes the logits {@code [clips * crops][head][k]}, clip by clip, crop by crop, in one pass
   * through the network.
   *
   * <p>If a stored clip has more frames than the model, its middle frames are scored.
   */
  public float[][][] logits(List<StoredClip> clips, int crops) {
    ClipViews views = new ClipViews(config, crops);
    int rows = clips.size() * crops;
    try (TokenBuffer buffer = new TokenBuffer(new ClipTokens(config).shape(), rows)) {
      for (int i = 0; i < clips.size(); i++) {
        views.write(clips.get(i), buffer.clips(i * crops, crops));
      }
      return logits(buffer.tokens(rows));
    }
  }

  /**
   * Computes the logits {@code [views][head][k]} in one pass through the network.
   *
   * @param values tokens {@code [views, n, t p p 3]}
   */
  public float[][][] logits(float[] values, int views) {
    try (INDArray tokens =
        Nd4j.createFromArray(values)
            .reshape(views, config.grid().tokens(), config.tubelet().values())) {
      return logits(tokens);
    }
  }

  /**
   * Computes the logits {@code [views][head][k]} in one pass through the network.
   *
   * @param tokens {@code [views, n, t p p 3]}
   */
  float[][][] logits(INDArray tokens) {
    int views = Math.toIntExact(tokens.size(0));
    float[][][] logits = new float[views][config.heads().size()][];
    INDArray[] heads = ViViTGraph.logits(graph, tokens);
    for (int head = 0; head < heads.length; head++) {
      float[][] rows = heads[head].toFloatMatrix();
      heads[head].close();
      for (int view = 0; view < views; view++) {
        logits[view][head] = rows[view];
      }
    }
    return logits;
  }

  @Override
  public void close() {
    graph.close();
  }
}
