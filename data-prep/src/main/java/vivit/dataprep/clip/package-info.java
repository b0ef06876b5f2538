/**
 * Arithmetic on clips and the terms that every later step shares: parts of a video in time,
 * purpose, sampling, frame size, order of bytes, and the kinds of bad videos. Depends on no other
 * package; knows neither files nor Spark nor FFmpeg.
 */
package vivit.dataprep.clip;
