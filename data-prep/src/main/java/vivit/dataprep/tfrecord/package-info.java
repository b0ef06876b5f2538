/**
 * Reads TFRecord shards of {@code SequenceExample}s with a JPEG per frame, the form in which the
 * original code stores data sets: lists and labels records, and presents a record as a video that
 * FFmpeg can open. Framing and wire format are read here; no TensorFlow, no protobuf.
 */
package vivit.dataprep.tfrecord;
