package vivit.model.onnx;

import java.util.List;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;
import vivit.model.variant.EncoderPlan;

/**
 * Builds a whole model as nodes: tubelets, the variant's encoders in order, read-out and heads
 * (docs/vivit.md, 2.1 to 2.9). One loop serves every variant.
 *
 * <p>The parts pass on a matrix {@code [vectors, d]}, which reshapes split into sequences, so the
 * number of clips is not fixed.
 */
final class ModelNodes {

  private final ViViTConfig config;
  private final Nodes nodes;
  private final BranchNodes branches;

  ModelNodes(ViViTConfig config, Nodes nodes) {
    this.config = config;
    this.nodes = nodes;
    branches = new BranchNodes(nodes, config.width() / config.attentionHeads());
  }

  /**
   * Appends everything up to the input of the heads, {@code [b, d]} or {@code [b, r]}.
   *
   * @param clips {@code [b, T, H, W, 3]}
   */
  String representations(String clips) {
    String flow = branches.dense(tubelets(clips), "embedding");
    int sequences = 1;
    for (EncoderPlan plan : config.encoders()) {
      flow = encoder(plan, nodes.reshape(flow, -1, plan.tokens(), config.width()));
      sequences = plan.sequences();
    }
    if (sequences > 1) {
      flow = nodes.mean(nodes.reshape(flow, -1, sequences, config.width()), 1);
    }
    return config.representationSize() > 0 ? nodes.tanh(branches.dense(flow, "pre_logits")) : flow;
  }

  /**
   * Appends the tubelets, one flattened tubelet per row; drops frames and pixels that do not fill a
   * tubelet.
   */
  private String tubelets(String clips) {
    TokenGrid grid = config.grid();
    Tubelet tubelet = config.tubelet();
    String frames = clips;
    if (config.sampledFrames() > 0) {
      long[] indices = config.sampledFrameIndices().stream().mapToLong(i -> i).toArray();
      frames = nodes.gather(frames, 1, indices);
    } else {
      frames = cut(frames, 1, config.clip().frames(), grid.time() * tubelet.frames());
    }
    frames = cut(frames, 2, config.clip().height(), grid.height() * tubelet.height());
    frames = cut(frames, 3, config.clip().width(), grid.width() * tubelet.width());
    // [b n_t, t, n_h, p, n_w, p 3], then n_h and n_w before t
    String split =
        nodes.reshape(
            frames,
            -1,
            tubelet.frames(),
            grid.height(),
            tubelet.height(),
            grid.width(),
            (long) tubelet.width() * Tubelet.CHANNELS);
    return nodes.reshape(nodes.transpose(split, 0, 2, 4, 1, 3, 5), -1, tubelet.values());
  }

  private String cut(String x, int axis, int size, int wanted) {
    return size == wanted ? x : nodes.slice(x, axis, 0, wanted);
  }

  /**
   * Appends an encoder: sequences {@code [b, n, d]} in, one vector per sequence {@code [b, d]} out.
   */
  private String encoder(EncoderPlan plan, String sequences) {
    String flow = sequences;
    if (config.readout() == Readout.TOKEN) {
      String token = nodes.repeat(plan.token(), flow, 1, config.width());
      flow = nodes.concat(1, List.of(token, flow));
    }
    flow = nodes.add(flow, plan.name() + "/posembed_input/pos_embedding");
    int perBlock = plan.branches().size();
    for (int i = 0; i < plan.layers() * perBlock; i++) {
      String block = plan.block(i / perBlock);
      flow = branches.append(flow, block, plan.branches().get(i % perBlock), plan.resultOf(i));
    }
    if (!config.readout().pools()) {
      flow = nodes.reshape(nodes.slice(flow, 1, 0, 1), -1, config.width());
    }
    String normalised = branches.layerNorm(flow, plan.name() + "/encoder_norm");
    return switch (config.readout()) {
      case TOKEN, FIRST -> normalised;
      case MEAN -> nodes.mean(normalised, 1);
      case MAX -> nodes.max(normalised, 1);
      case SUM -> nodes.sum(normalised, 1);
    };
  }
}
