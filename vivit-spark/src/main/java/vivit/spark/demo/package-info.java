/**
 * The demonstration's videos: real encoded files whose class is the order of events in time, the
 * motion of an object or its shape.
 *
 * <p>Depends on the configuration, the storage and the video writer of data preparation, but not on
 * the model. The command itself is {@code vivit.spark.Demo}, which only calls the other commands.
 */
package vivit.spark.demo;
