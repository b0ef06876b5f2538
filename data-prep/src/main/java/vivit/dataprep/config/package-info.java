/**
 * The configuration and command line of every command. The configuration is HOCON; unknown keys,
 * wrong types and contradictions are reported all at once, each with file, line and a suggestion.
 * The command line comes with help, error messages, exit status and Ctrl-C. Files of the user
 * include files only, and what a run stores neither includes anything nor holds values of
 * environment variables. Depends on {@code text}, {@code storage}, Typesafe Config and Hadoop's
 * file systems only.
 */
package vivit.dataprep.config;
