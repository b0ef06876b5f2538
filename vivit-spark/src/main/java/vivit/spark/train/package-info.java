/**
 * Training in rounds: all workers start from the same parameters and momentum, train their pieces
 * of some steps, and are averaged, weighted by clips.
 *
 * <p>A round is one Spark job of this package: {@code TrainingDriver} plans it, tasks train in
 * replicas that stay in their executors, and a shuffle averages slice by slice. Tensors stay inside
 * a worker; between JVMs go arrays of floats and records. May use every other package of the module
 * but {@code evaluate}, {@code demo}, {@code dl4j} and the commands; {@code dl4j} puts DL4J's
 * {@code TrainingMaster} on top of the averaging of this package.
 */
package vivit.spark.train;
