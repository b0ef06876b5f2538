/**
 * Writes models as ONNX files for inference: from pixels to logits in one graph of standard
 * operators, built from the same plan of encoders as the network. Depends on the ONNX messages in
 * ND4J, the configuration, the checkpoint sources, the parameter index and the variants; runs no
 * engine.
 */
package vivit.model.onnx;
