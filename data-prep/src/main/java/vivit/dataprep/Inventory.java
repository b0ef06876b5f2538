package vivit.dataprep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.shard.ListedVideo;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.MissingVideo;
import vivit.dataprep.storage.FileListing;

/**
 * The videos of the list, by id, and what is known of their files before any is opened.
 *
 * @param items all of them
 * @param heads their classes
 */
record Inventory(SortedMap<String, Item> items, LabelHeads heads) {

  /**
   * A video of the list.
   *
   * @param bytes length of its file; {@link FileListing#MISSING} if there is none
   * @param missing where it was looked for; empty if it is there
   */
  record Item(LabelledVideo video, long bytes, String missing) {
    boolean isMissing() {
      return !missing.isEmpty();
    }

    /** As it is kept beside shards; without clips so far. */
    ListedVideo listed() {
      return new ListedVideo(video.id(), video.label(), video.span(), bytes, "", 0);
    }

    /** With the length that its file had earlier. */
    Item withBytes(long earlier) {
      boolean gone = earlier == FileListing.MISSING;
      return new Item(video, earlier, gone ? isMissing() ? missing : NOT_THERE : "");
    }
  }

  private static final String NOT_THERE = "the file does not exist";

  /** Looks files up, folder by folder, whose lengths the source does not know. */
  static Inventory of(Sources sources, Configuration hadoop) throws IOException {
    List<String> unknown = new ArrayList<>();
    for (LabelledVideo video : sources.videos()) {
      if (video.size() == 0) {
        unknown.add(video.path());
      }
    }
    FileListing listing = FileListing.of(hadoop, unknown);
    SortedMap<String, Item> items = new TreeMap<>();
    for (LabelledVideo video : sources.videos()) {
      long bytes = video.size() > 0 ? video.size() : listing.bytes(video.path());
      items.put(video.id(), new Item(video, bytes, bytes == FileListing.MISSING ? NOT_THERE : ""));
    }
    for (MissingVideo missing : sources.missing()) {
      items.put(
          missing.video().id(), new Item(missing.video(), FileListing.MISSING, missing.cause()));
    }
    return new Inventory(items, sources.heads());
  }
}
