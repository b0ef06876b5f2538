/** Checkpoint formats, one reader or writer each, on plain streams. */
package vivit.model.checkpoint;
