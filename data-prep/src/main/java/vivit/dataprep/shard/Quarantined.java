package vivit.dataprep.shard;

import java.io.Serializable;

/**
 * A video that was left out.
 *
 * @param video its id
 * @param label its class name
 * @param cause why, in one sentence
 */
public record Quarantined(String video, String label, String cause) implements Serializable {}
