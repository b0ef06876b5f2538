/**
 * Reads TFRecord shards of {@code SequenceExample}s with a JPEG per frame, the way data sets are
 * stored for the original code: which records there are, what their labels say, and a record as a
 * video that FFmpeg can open. Framing and wire format are read here; no TensorFlow, no protobuf.
 */
package vivit.dataprep.tfrecord;
