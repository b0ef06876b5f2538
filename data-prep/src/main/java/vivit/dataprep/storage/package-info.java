/**
 * Access to storage: files that appear whole or not at all, their checksums, and folders that one
 * process owns at a time. Depends on Hadoop's file systems only.
 */
package vivit.dataprep.storage;
