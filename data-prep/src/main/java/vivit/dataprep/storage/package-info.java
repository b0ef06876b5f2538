/**
 * How this product touches storage: files that appear whole or not at all, and folders that one
 * process owns at a time. Knows Hadoop file systems and nothing else of this module.
 */
package vivit.dataprep.storage;
