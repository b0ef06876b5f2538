/**
 * Executors: their memory and cores, their devices, the replicas that they keep between tasks, and
 * the broadcast of a flat vector to all of them. Depends on the engines, the vectors of {@code
 * checkpoint}, ND4J and Spark; knows neither training nor evaluation.
 */
package vivit.spark.executor;
