package vivit.dataprep.inspect;

import org.apache.hadoop.fs.Path;

/**
 * The result of an inspection.
 *
 * @param text for the console
 * @param page the HTML file, in the folder of the images
 * @param isLettered whether the images contain text
 * @param isGood whether no damage was found
 */
public record InspectReport(String text, Path page, boolean isLettered, boolean isGood) {}
