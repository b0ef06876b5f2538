/**
 * Small real clusters on one machine: Spark with two executor JVMs, HDFS with a NameNode and
 * DataNodes.
 */
package vivit.tests.cluster;
