/**
 * The commands of training and of models, each of which reads its command line and leaves the work
 * to other packages, and what they ask of Spark. No other package depends on this one.
 */
package vivit.spark;
