/**
 * The doors: training and evaluation as Spark applications, prediction, the tools that describe,
 * convert and compare models, and what Spark needs to know about the product. Sees every other
 * package; none sees this one.
 */
package vivit.spark;
