/**
 * The commands of training and of models; each reads its command line and leaves the work to other
 * packages. No other package depends on this one.
 */
package vivit.spark;
