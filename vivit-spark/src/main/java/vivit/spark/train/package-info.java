/**
 * Training in rounds: every worker trains its pieces of some steps from the same starting point,
 * then parameters and momentum are averaged, weighted by clips.
 *
 * <p>The rounds run through DL4J's {@code TrainingMaster} and {@code TrainingWorker}. Tensors stay
 * inside a worker; between JVMs go arrays of floats and records. May use every other package of the
 * module but the doors.
 */
package vivit.spark.train;
