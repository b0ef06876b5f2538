/**
 * Checkpoint formats: {@link vivit.model.checkpoint.Checkpoints} opens any of them as a {@link
 * vivit.model.checkpoint.TensorSource}, and each that is written has a writer on plain streams.
 * Depends on no file system and no engine.
 */
package vivit.model.checkpoint;
