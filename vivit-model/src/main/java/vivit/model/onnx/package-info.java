/**
 * Models as ONNX files for inference anywhere: from pixels to logits in one graph of standard
 * operators, made from the same plan of encoders as the network. Neither ND4J nor DL4J is needed to
 * run such a file; to write it, only ONNX's messages are taken from ND4J, no engine.
 */
package vivit.model.onnx;
