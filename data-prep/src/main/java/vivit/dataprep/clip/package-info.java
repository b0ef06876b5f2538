/**
 * Arithmetic on clips and the terms that every later step shares: parts of a video in time,
 * purpose, sampling, frame size, order of bytes, and the kinds of bad videos. Depends on {@code
 * text} only; uses no files, Spark or FFmpeg.
 */
package vivit.dataprep.clip;
