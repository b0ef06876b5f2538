/**
 * Readers of annotations: the videos of a data set with their labels, from folders, CSV files and
 * the lists that data sets are distributed with. Depends on {@code label}, {@code clip}, {@code
 * config} and {@code text}.
 */
package vivit.dataprep.source;
