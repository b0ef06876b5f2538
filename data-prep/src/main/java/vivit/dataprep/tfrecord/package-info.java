/**
 * Reads TFRecord shards of {@code SequenceExample}s with a JPEG per frame, the form in which the
 * original code stores data sets: lists and labels records, and presents a record as a video that
 * FFmpeg can open. Parses framing and wire format directly, without TensorFlow or protobuf. Depends
 * on {@code source}, {@code video}, {@code label}, {@code clip}, {@code text} and Hadoop's file
 * systems.
 */
package vivit.dataprep.tfrecord;
