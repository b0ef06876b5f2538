package vivit.model.network;

import vivit.model.engine.Tensor;
import vivit.model.variant.AttentionView;

/** Attention views as shapes and strides of tensors. */
public final class Views {

  private Views() {}

  /** {@code [b, n, w]} as {@code [b, groups, n / groups, w]}; unchanged if there is one group. */
  public static Tensor see(Tensor tensor, AttentionView view) {
    if (view.groups() == 1) {
      return tensor;
    }
    long[] shape = tensor.shape();
    long width = shape[2];
    return tensor.view(
        0,
        new long[] {shape[0], view.groups(), view.tokens(), width},
        new long[] {shape[1] * width, view.groupStride() * width, view.tokenStride() * width, 1});
  }
}
