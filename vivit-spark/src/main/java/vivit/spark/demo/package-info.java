/**
 * The demonstration's videos: real encoded files whose class is the order of events in time.
 *
 * <p>May use the video writer of data preparation; knows nothing of the model. The command itself
 * is {@code vivit.spark.Demo}, which only calls the other commands.
 */
package vivit.spark.demo;
