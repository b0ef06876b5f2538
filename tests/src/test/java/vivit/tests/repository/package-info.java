/** Tests of the repository's files as people read them: pages, links, command lines, names. */
package vivit.tests.repository;
