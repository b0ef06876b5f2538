/** The commands of data preparation: {@code prepare}, {@code verify} and {@code inspect}. */
package vivit.dataprep;
