package vivit.dataprep.inspect;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vivit.dataprep.inspect.page.ContactSheet;
import vivit.dataprep.inspect.page.Images;
import vivit.dataprep.inspect.page.Lettering;
import vivit.dataprep.inspect.page.Page;
import vivit.dataprep.inspect.page.PictureSection;
import vivit.dataprep.inspect.page.StatisticsText;
import vivit.dataprep.inspect.page.TubeletView;
import vivit.dataprep.inspect.statistics.ClipPicture;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.StatisticsJson;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;

/**
 * The output of an inspection, as text and files. All files are built in memory first, so that a
 * failure leaves nothing behind.
 */
public final class InspectionFiles {
  private final Inspection inspection;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final boolean lettered;

  private InspectionFiles(Inspection inspection, Optional<ShardSet> set, Lettering lettering)
      throws IOException {
    this.inspection = inspection;
    this.lettered = lettering.isPresent();
    files.put(InspectionFolder.STATISTICS, json());
    sheet(InspectionFolder.RANDOM, PictureSection.shownAtRandom(inspection), lettering);
    sheet(InspectionFolder.BY_CLASS, PictureSection.shownByClass(inspection), lettering);
    Optional<Page.TubeletImage> tubelets =
        set.isPresent() ? tubelets(set.get(), lettering) : Optional.empty();
    tubelets.ifPresent(view -> files.put(InspectionFolder.TUBELETS, view.png()));
    files.put(
        InspectionFolder.PAGE, Page.write(inspection, tubelets).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Builds all files.
   *
   * @param set the source of the clip of the tubelet view, which is read again at full size
   */
  public static InspectionFiles draw(Inspection inspection, Optional<ShardSet> set)
      throws IOException {
    System.setProperty("java.awt.headless", "true"); // before the first image
    return new InspectionFiles(inspection, set, Lettering.ofThisMachine());
  }

  /** Summary for the console. */
  public String text() {
    return StatisticsText.of(inspection);
  }

  /** All figures as JSON, in UTF-8. */
  public byte[] json() {
    return StatisticsJson.of(inspection);
  }

  /** Whether the images contain text, which needs a font on this machine. */
  public boolean isLettered() {
    return lettered;
  }

  /** The files by name. */
  public Map<String, byte[]> files() {
    return files;
  }

  /** Writes all files. */
  public void write(InspectionFolder folder) throws IOException {
    folder.write(files);
  }

  private void sheet(String name, List<ClipPicture> clips, Lettering lettering) {
    if (!clips.isEmpty()) {
      files.put(name, Images.png(new ContactSheet(clips).draw(lettering)));
    }
  }

  private Optional<Page.TubeletImage> tubelets(ShardSet set, Lettering lettering)
      throws IOException {
    Optional<ClipPlace> place = inspection.mostContrast();
    if (place.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest = set.manifest();
    try (ShardReader reader = set.reader(place.get().shard())) {
      StoredClip clip = reader.read(place.get().rowGroup());
      if (!TubeletView.isDrawable(clip, manifest.patch())) {
        return Optional.empty();
      }
      TubeletView view = new TubeletView(clip, manifest.tubeletFrames(), manifest.patch());
      BufferedImage image = view.draw(lettering);
      return Optional.of(
          new Page.TubeletImage(
              Images.png(image),
              image.getWidth(),
              image.getHeight(),
              clip.clipId(),
              view.caption() + ". Below, " + view.tokenCaption()));
    } catch (CorruptShardException e) {
      return Optional.empty(); // damaged since it was sampled; the next inspection reports it
    }
  }
}
