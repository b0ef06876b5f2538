/**
 * The commands of data preparation: {@code prepare}, {@code verify} and {@code inspect}. Each reads
 * its command line and runs the job of the package of its name; no other package of this module
 * depends on this one.
 */
package vivit.dataprep;
