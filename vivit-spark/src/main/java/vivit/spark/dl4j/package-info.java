/**
 * DL4J's {@code TrainingMaster} and {@code TrainingWorker} on top of rounds: trains any {@code
 * ComputationGraph} on an RDD of minibatches. The only package that sees dl4j-spark.
 */
package vivit.spark.dl4j;
