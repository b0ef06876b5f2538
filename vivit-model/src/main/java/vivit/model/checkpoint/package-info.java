/**
 * Checkpoint formats: {@link vivit.model.checkpoint.Checkpoints} opens any of them as a {@link
 * vivit.model.checkpoint.TensorSource}, and the formats that this program writes have writers on
 * plain streams. Depends on the configuration and the parameter index, but on no engine.
 */
package vivit.model.checkpoint;
