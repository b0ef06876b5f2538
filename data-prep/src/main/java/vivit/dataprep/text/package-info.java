/** Figures, words, lists and foreign texts as people see them. Depends on nothing. */
package vivit.dataprep.text;
