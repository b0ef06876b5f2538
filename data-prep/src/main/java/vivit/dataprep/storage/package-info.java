/**
 * Access to storage: files that appear whole or not at all, their checksums, and folders that one
 * process owns at a time, and one place that opens file systems. Depends on {@code text} and
 * Hadoop's file systems only.
 */
package vivit.dataprep.storage;
