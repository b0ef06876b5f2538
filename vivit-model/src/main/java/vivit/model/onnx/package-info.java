/**
 * Models as ONNX files for inference: from pixels to logits in one graph of standard operators,
 * built from the same plan of encoders as the network. Writing needs the ONNX messages that ND4J
 * brings along, but no engine.
 */
package vivit.model.onnx;
