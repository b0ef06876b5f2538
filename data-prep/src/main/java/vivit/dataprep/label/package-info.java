/**
 * Class labels: heads, label maps and how two of them differ, the labels of a clip, and counts by
 * class. Depends on {@code text} and {@code storage} only.
 */
package vivit.dataprep.label;
