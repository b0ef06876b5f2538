/**
 * Videos to frames and back, with FFmpeg through its JavaCPP presets. The only package that touches
 * native memory: whatever it allocates it frees, and whatever goes wrong inside FFmpeg leaves it as
 * an {@link vivit.dataprep.video.UndecodableVideoException} with a cause.
 */
package vivit.dataprep.video;
