package vivit.dataprep.inspect.page;

import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import vivit.dataprep.inspect.statistics.ClipPicture;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/** The sections that show clips as strips of frames, within a limit of bytes for all images. */
public final class PictureSection {
  private static final int LARGEST_RANDOM = 24;

  private final Map<ClipPlace, String> uris = new HashMap<>();
  private long budget;

  /** Creates the sections with a limit of bytes for all images. */
  PictureSection(long budget) {
    this.budget = budget;
  }

  void random(Html html, Inspection inspection) {
    List<ClipPicture> clips = shownAtRandom(inspection);
    if (!clips.isEmpty()) {
      html.section("random", "Clips drawn at random");
      strips(html, clips);
      html.close("section");
    }
  }

  void byClass(Html html, Inspection inspection) {
    List<ClipPicture> clips = shownByClass(inspection);
    if (!clips.isEmpty()) {
      html.section("by-class", "Clips by class");
      html.element(
          "p",
          "A few clips of %s, from the largest class to the smallest."
              .formatted(Figures.of(inspection.selection().byClass().size(), "label")));
      strips(html, clips);
      html.close("section");
    }
  }

  /** The random clips that the page and the contact sheet show. */
  public static List<ClipPicture> shownAtRandom(Inspection inspection) {
    return inspection.random().stream().limit(LARGEST_RANDOM).toList();
  }

  /** The clips by class that the page and the contact sheet show. */
  public static List<ClipPicture> shownByClass(Inspection inspection) {
    return inspection.selection().byClass().values().stream()
        .flatMap(places -> inspection.shown(places).stream())
        .toList();
  }

  private void strips(Html html, List<ClipPicture> clips) {
    html.open("div class=\"strips\"");
    int left = 0;
    for (ClipPicture clip : clips) {
      String uri = uri(clip);
      if (uri.isEmpty()) {
        left++;
        continue;
      }
      BufferedImage film = Images.film(clip.frames());
      String times =
          clip.times().stream()
              .map(time -> Figures.decimals(time, 2))
              .collect(Collectors.joining("  "));
      html.open("figure class=\"strip\"");
      html.raw(
          "<img src=\"%s\" width=\"%s\" height=\"%s\" alt=\"%s\"/>"
              .formatted(
                  uri,
                  Integer.toString(film.getWidth()),
                  Integer.toString(film.getHeight()),
                  "frames of a clip of " + Visible.markup(ContactSheet.labels(clip))));
      html.open("figcaption");
      html.open("b").isolated(ContactSheet.labels(clip)).raw("</b>");
      html.open("span class=\"from\"").text("view " + clip.view() + " of ");
      html.path(clip.videoId())
          .raw("</span><span class=\"times\">")
          .text("at " + times + " s")
          .raw("</span>");
      html.close("figcaption").close("figure");
    }
    html.close("div");
    if (left > 0) {
      html.element("p", "%d more are in the PNG file only.".formatted(left));
    }
  }

  /** The strip's image, or an empty text if it exceeds the limit; every use counts. */
  private String uri(ClipPicture clip) {
    String uri =
        uris.computeIfAbsent(
            clip.place(), place -> Images.dataUri("jpeg", Images.jpeg(Images.film(clip.frames()))));
    if (uri.length() > budget) {
      return "";
    }
    budget -= uri.length();
    return uri;
  }
}
