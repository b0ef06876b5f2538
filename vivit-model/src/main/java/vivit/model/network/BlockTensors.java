package vivit.model.network;

import vivit.model.engine.Tensor;

/** The parameters of one encoder block, or their gradients. Query, key and value are packed. */
record BlockTensors(
    Tensor attentionScale,
    Tensor attentionShift,
    Tensor packedKernel,
    Tensor packedBias,
    Tensor outKernel,
    Tensor outBias,
    Tensor mlpScale,
    Tensor mlpShift,
    Tensor firstKernel,
    Tensor firstBias,
    Tensor secondKernel,
    Tensor secondBias) {

  static BlockTensors of(FlatTensors flat, String block) {
    String attention = block + "/MultiHeadDotProductAttention_0/";
    String mlp = block + "/MlpBlock_0/";
    return new BlockTensors(
        flat.vector(block + "/LayerNorm_0/scale"),
        flat.vector(block + "/LayerNorm_0/bias"),
        flat.packedKernel(
            attention + "query/kernel", attention + "key/kernel", attention + "value/kernel"),
        flat.packedVector(
            attention + "query/bias", attention + "key/bias", attention + "value/bias"),
        flat.kernel(attention + "out/kernel"),
        flat.vector(attention + "out/bias"),
        flat.vector(block + "/LayerNorm_1/scale"),
        flat.vector(block + "/LayerNorm_1/bias"),
        flat.kernel(mlp + "Dense_0/kernel"),
        flat.vector(mlp + "Dense_0/bias"),
        flat.kernel(mlp + "Dense_1/kernel"),
        flat.vector(mlp + "Dense_1/bias"));
  }
}
