/** What to prepare: videos with their labels, read from folders or annotation files. */
package vivit.dataprep.source;
