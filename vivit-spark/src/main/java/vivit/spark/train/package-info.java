/**
 * Training in rounds: all workers start from the same parameters and momentum and train their
 * pieces of some steps; their results are averaged, weighted by clips.
 *
 * <p>A round is one Spark job of this package: {@code TrainingDriver} plans it, tasks train in
 * replicas that stay in their executors, and a shuffle averages slice by slice. Tensors stay inside
 * a worker; JVMs exchange records and arrays of floats. May depend on every other package of the
 * module except {@code evaluate}, {@code demo}, {@code dl4j} and the commands; {@code dl4j} builds
 * DL4J's {@code TrainingMaster} on the averaging of this package.
 */
package vivit.spark.train;
