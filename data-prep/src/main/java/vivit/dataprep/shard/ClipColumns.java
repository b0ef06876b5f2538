package vivit.dataprep.shard;

import vivit.dataprep.label.ClipLabels;

/**
 * What the columns beside the tubelets say about a clip.
 *
 * @param videoId the video, or annotated part of one, it was cut from
 * @param view number of the clip within its video, from 0
 * @param labels its classes, per head
 * @param height H in pixels
 * @param width W in pixels
 * @param origin where its frames came from
 * @param storedBytes of its tubelets in the file, compressed or not, page headers included
 * @param plainBytes of its tubelets, uncompressed, page headers included
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
