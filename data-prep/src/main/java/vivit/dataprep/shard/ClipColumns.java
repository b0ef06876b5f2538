package vivit.dataprep.shard;

import vivit.dataprep.label.ClipLabels;

/**
 * The columns of a clip except its tubelets.
 *
 * @param videoId the video, or annotated part of one, it was cut from
 * @param view number of the clip within its video, from 0
 * @param labels its classes, per head
 * @param height H in pixels
 * @param width W in pixels
 * @param origin source of its frames
 * @param storedBytes length of its tubelets in the file, page header included
 * @param plainBytes uncompressed length of its tubelets, page header included
 */
public record ClipColumns(
    String videoId,
    int view,
    ClipLabels labels,
    int height,
    int width,
    ClipOrigin origin,
    long storedBytes,
    long plainBytes) {}
