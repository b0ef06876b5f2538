package vivit.model.network;

import vivit.model.engine.Tensor;
import vivit.model.variant.EncoderPlan;

/**
 * The parameters of one residual branch, or their gradients: layer norm and two dense layers. In an
 * attention the first is query, key and value packed side by side.
 */
record BranchTensors(
    Tensor scale,
    Tensor shift,
    Tensor firstKernel,
    Tensor firstBias,
    Tensor secondKernel,
    Tensor secondBias) {

  static BranchTensors of(FlatTensors flat, String block, EncoderPlan.Branch branch) {
    String norm = block + "/" + branch.norm() + "/";
    String module = block + "/" + branch.module() + "/";
    Tensor scale = flat.vector(norm + "scale");
    Tensor shift = flat.vector(norm + "bias");
    if (branch instanceof EncoderPlan.Attention) {
      return new BranchTensors(
          scale,
          shift,
          flat.packedKernel(
              module + "query/kernel", module + "key/kernel", module + "value/kernel"),
          flat.packedVector(module + "query/bias", module + "key/bias", module + "value/bias"),
          flat.kernel(module + "out/kernel"),
          flat.vector(module + "out/bias"));
    }
    return new BranchTensors(
        scale,
        shift,
        flat.kernel(module + "Dense_0/kernel"),
        flat.vector(module + "Dense_0/bias"),
        flat.kernel(module + "Dense_1/kernel"),
        flat.vector(module + "Dense_1/bias"));
  }
}
