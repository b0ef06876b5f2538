/**
 * The doors: training, evaluation and prediction as Spark applications, and what Spark needs to
 * know about the product. Sees every other package; none sees this one.
 */
package vivit.spark;
