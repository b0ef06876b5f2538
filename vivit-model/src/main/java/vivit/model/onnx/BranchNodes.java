package vivit.model.onnx;

import java.util.List;
import vivit.model.engine.Engine;
import vivit.model.shape.HeadRange;
import vivit.model.variant.AttentionView;
import vivit.model.variant.EncoderPlan;

/** Builds residual branches as nodes; docs/vivit.md, 2.3. Nodes refer to parameters by name. */
final class BranchNodes {

  private static final double GELU_CUBIC = 0.044715;
  private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);

  private final Nodes nodes;
  private final int headWidth;

  BranchNodes(Nodes nodes, int headWidth) {
    this.nodes = nodes;
    this.headWidth = headWidth;
  }

  /**
   * Appends a branch, {@code [b, n, d]} to {@code [b, n, d]}; its output has the name of the
   * result.
   */
  String append(String x, String block, EncoderPlan.Branch branch, String result) {
    String normalised = layerNorm(x, block + "/" + branch.norm());
    String module = block + "/" + branch.module() + "/";
    String output =
        branch instanceof EncoderPlan.Attention attention
            ? dense(attention(normalised, module, attention.views()), module + "out")
            : dense(gelu(dense(normalised, module + "Dense_0")), module + "Dense_1");
    nodes.add(x, output, result);
    return result;
  }

  String layerNorm(String x, String name) {
    return nodes.layerNorm(x, name + "/scale", name + "/bias", Engine.LAYER_NORM_EPSILON);
  }

  String dense(String x, String name) {
    return nodes.add(nodes.matMul(x, name + "/kernel"), name + "/bias");
  }

  /** GELU by its tanh approximation, {@code x / 2 (1 + tanh(s x (1 + 0.044715 x x)))}. */
  private String gelu(String x) {
    String one = nodes.number(1);
    String square = nodes.multiply(nodes.multiply(x, nodes.number(GELU_CUBIC)), x);
    String scaled = nodes.multiply(x, nodes.number(GELU_SCALE));
    String gate = nodes.tanh(nodes.multiply(scaled, nodes.add(square, one)));
    return nodes.multiply(nodes.multiply(x, nodes.number(0.5)), nodes.add(gate, one));
  }

  /** The heads of all views side by side, {@code [b, n, d]}. */
  private String attention(String x, String module, List<AttentionView> views) {
    String query =
        nodes.multiply(dense(x, module + "query"), nodes.number(1 / Math.sqrt(headWidth)));
    String key = dense(x, module + "key");
    String value = dense(x, module + "value");
    return nodes.concat(2, views.stream().map(view -> attend(query, key, value, view)).toList());
  }

  private String attend(String query, String key, String value, AttentionView view) {
    // [b groups, heads, tokens, dh], or [b, groups, heads, tokens, dh] if groups interleave
    long[] order = interleaved(view) ? new long[] {0, 2, 3, 1, 4} : new long[] {0, 2, 1, 3};
    long[] keyOrder = interleaved(view) ? new long[] {0, 2, 3, 4, 1} : new long[] {0, 2, 3, 1};
    long[] back = interleaved(view) ? new long[] {0, 3, 1, 2, 4} : new long[] {0, 2, 1, 3};
    String scores =
        nodes.matMul(
            nodes.transpose(heads(query, view), order),
            nodes.transpose(heads(key, view), keyOrder));
    String attended =
        nodes.matMul(nodes.softmax(scores), nodes.transpose(heads(value, view), order));
    return nodes.reshape(
        nodes.transpose(attended, back),
        -1,
        (long) view.groups() * view.tokens(),
        (long) view.heads().count() * headWidth);
  }

  /** {@code [b groups, tokens, heads, dh]}, or {@code [b, tokens, groups, heads, dh]}. */
  private String heads(String x, AttentionView view) {
    HeadRange heads = view.heads();
    long from = (long) heads.first() * headWidth;
    long width = (long) heads.count() * headWidth;
    String wanted = heads.count() == heads.heads() ? x : nodes.slice(x, 2, from, from + width);
    return interleaved(view)
        ? nodes.reshape(wanted, -1, view.tokens(), view.groups(), heads.count(), headWidth)
        : nodes.reshape(wanted, -1, view.tokens(), heads.count(), headWidth);
  }

  /** Whether neighbouring tokens belong to different groups; otherwise groups lie end to end. */
  private static boolean interleaved(AttentionView view) {
    boolean interleaved = view.tokenStride() > 1;
    int groupStride = interleaved ? 1 : view.tokens();
    int tokenStride = interleaved ? view.groups() : 1;
    if (view.groupStride() != groupStride || view.tokenStride() != tokenStride) {
      throw new IllegalArgumentException(
          view
              + " is not a reshape of the tokens; ONNX files know groups end to end or interleaved");
    }
    return interleaved;
  }
}
