/**
 * Checkpoint formats: {@link vivit.model.checkpoint.Checkpoints} opens any of them as a {@link
 * vivit.model.checkpoint.TensorSource}, and writers write to plain streams. Depends on the
 * configuration, the shapes, the variants and the parameter index, but not on an engine.
 */
package vivit.model.checkpoint;
