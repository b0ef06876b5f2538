/**
 * Class labels: heads, label maps and how two of them differ, the labels of a clip, and counts by
 * class. Depends on nothing else of this module.
 */
package vivit.dataprep.label;
