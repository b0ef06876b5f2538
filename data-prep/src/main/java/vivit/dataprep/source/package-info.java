/**
 * Reads annotations: the videos of a data set with their labels, from folders, CSV files and the
 * distributed lists of data sets. Depends on {@code label}, {@code clip}, {@code config}, {@code
 * text} and Hadoop's file systems.
 */
package vivit.dataprep.source;
