/** Figures, and texts of strangers, as they are shown to people. Depends on nothing. */
package vivit.dataprep.text;
