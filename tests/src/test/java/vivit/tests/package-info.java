/** Tests that need several JVMs, a real HDFS or a view of all modules. May depend on everything. */
package vivit.tests;
