/**
 * Values that change with the step: the learning rate and the strength of every regulariser.
 *
 * <p>Pure arithmetic in double, computed on the driver and sent to the workers with each round.
 * Depends on nothing but the configuration's spans.
 */
package vivit.spark.schedule;
