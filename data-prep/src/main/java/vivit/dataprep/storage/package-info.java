/**
 * Access to storage: files that appear whole or not at all, their checksums, folders that one
 * process owns at a time, one place that opens file systems, and the folder of native libraries.
 * Depends on {@code text}, on Hadoop's file systems, and for the folder of libraries on Spark's
 * local ones.
 */
package vivit.dataprep.storage;
