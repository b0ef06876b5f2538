package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.VideoList.ListedVideo;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceVideos.MissingVideo;
import vivit.dataprep.storage.FileListing;

/**
 * The listed videos by id, with the facts that are known about their files without opening them.
 *
 * @param items all listed videos
 * @param heads their classification heads
 */
record Inventory(SortedMap<String, Item> items, LabelHeads heads) {

  /**
   * A video of the list.
   *
   * @param bytes length of its file; {@link FileListing#MISSING} if it does not exist
   * @param missing the reason if the video cannot be read; otherwise empty
   */
  record Item(LabelledVideo video, long bytes, Optional<MissingVideo> missing) {
    boolean isMissing() {
      return missing.isPresent();
    }

    /** The entry of the video in the set's list, with no clips yet. */
    ListedVideo listed() {
      return new ListedVideo(video.id(), video.label(), video.span(), bytes);
    }

    /** The item with an earlier length of its file. */
    Item withBytes(long earlier) {
      if (earlier != FileListing.MISSING) {
        return new Item(video, earlier, Optional.empty());
      }
      return isMissing() ? this : notThere(video);
    }

    private static Item notThere(LabelledVideo video) {
      return missing(new MissingVideo(video, BadKind.MISSING, "the file does not exist"));
    }

    private static Item missing(MissingVideo missing) {
      return new Item(missing.video(), FileListing.MISSING, Optional.of(missing));
    }
  }

  /** Looks up the files whose lengths the source does not state, folder by folder. */
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
      items.put(video.id(), new Item(video, bytes, Optional.empty()).withBytes(bytes));
    }
    for (MissingVideo missing : sources.missing()) {
      items.put(missing.video().id(), Item.missing(missing));
    }
    return new Inventory(items, sources.heads());
  }
}
