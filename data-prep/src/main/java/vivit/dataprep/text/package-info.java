/** Formats numbers, words, lists and foreign texts for people. Depends on no other package. */
package vivit.dataprep.text;
