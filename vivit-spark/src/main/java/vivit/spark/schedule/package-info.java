/**
 * Values that change with the step: the learning rate and the strength of every regulariser.
 *
 * <p>They are pure arithmetic in double, computed on the driver and sent to the workers with each
 * round. Depends only on the spans of the configuration.
 */
package vivit.spark.schedule;
