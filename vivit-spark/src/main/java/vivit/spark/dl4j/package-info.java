/**
 * Implements DL4J's {@code TrainingMaster} and {@code TrainingWorker} with rounds: trains any
 * {@code ComputationGraph} on an RDD of minibatches. Depends on the averaging of {@code train}, on
 * {@code checkpoint} and on {@code executor}; the only package that imports dl4j-spark.
 */
package vivit.spark.dl4j;
