/**
 * Access to storage: files that appear whole or not at all, their checksums, folders that one
 * process owns at a time, and the folder of native libraries. Depends on Hadoop's file systems, and
 * for that folder on Spark's local ones.
 */
package vivit.dataprep.storage;
