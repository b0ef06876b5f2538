/**
 * Slices of flat vectors in the native memory of executors, served to one another over Spark's own
 * transport with the application's authentication and encryption. The only package that touches
 * Spark's network library; knows Spark and JavaCPP, neither training nor evaluation.
 */
package vivit.spark.exchange;
