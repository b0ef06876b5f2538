/** Executors made ready for tensors: threads, GPU, and whether there is code for it. */
package vivit.spark.device;
