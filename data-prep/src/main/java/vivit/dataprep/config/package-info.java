/**
 * One configuration system for every command: HOCON that refuses unknown keys, wrong types and
 * contradictions, all at once, each with file, line and a suggestion. Also the outside of a
 * command: its words, help, messages and exit status. Depends on {@code text}, Typesafe Config and
 * Hadoop's file systems only.
 */
package vivit.dataprep.config;
