/**
 * Executors: their memory, cores, serialisation and device, the replicas that they keep between
 * tasks, and the broadcast of a flat vector to all of them. Depends on the engines, the vectors of
 * {@code checkpoint}, the settings of data preparation's {@code job}, ND4J and Spark; refers to
 * training and evaluation only by class names registered with Kryo.
 */
package vivit.spark.executor;
