/**
 * Training in rounds: all workers start from the same parameters and momentum and train their
 * pieces of some steps; their results are averaged, weighted by clips.
 *
 * <p>A round is two Spark jobs of this package, planned by {@code TrainingDriver}: one trains the
 * workers in replicas that stay in their executors, the other averages slice by slice. The vectors
 * are slices of {@code exchange} on the executors, of which the driver knows only who has which.
 * Tensors stay inside a worker. Between rounds a run may be validated, with the scoring of {@code
 * evaluate}. May depend on every other package of the module except {@code demo}, {@code dl4j} and
 * the commands; {@code dl4j} builds DL4J's {@code TrainingMaster} on the averaging of this package.
 */
package vivit.spark.train;
