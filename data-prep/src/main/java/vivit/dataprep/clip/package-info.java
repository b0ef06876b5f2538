/**
 * Pure arithmetic on clips: which frames, which size, which order of bytes. No files, no Spark, no
 * FFmpeg.
 */
package vivit.dataprep.clip;
