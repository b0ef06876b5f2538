package vivit.dataprep.inspect.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.Inspection.Described;
import vivit.dataprep.inspect.statistics.LabelStatistics;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.storage.Sha256;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/**
 * Writes an inspection as one HTML file that contains its style, images, charts and a short script
 * for sorting tables. The file refers to nothing outside, its content security policy forbids the
 * browser to load or run anything else, and it is well-formed XML.
 */
public final class Page {
  private static final long IMAGE_BYTES = 8L << 20;

  private Page() {}

  /**
   * Writes the page.
   *
   * @param tubelets the tubelet view, if there is a clip to show
   */
  public static String write(Inspection inspection, Optional<TubeletImage> tubelets) {
    String style = resource("page.css");
    String script = resource("page.js");
    String name = name(inspection.folder());
    Html html = new Html();
    html.raw(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n");
    html.raw("<meta charset=\"utf-8\"/>\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;"
            + " style-src 'unsafe-inline'; script-src 'sha256-"
            + sha256(script)
            + "'\"/>\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\"/>\n");
    html.element("title", "Shard set " + name);
    html.raw("<style>" + style + "</style>\n</head>\n<body>\n");
    header(html, inspection, name);
    html.open("main");
    problems(html, inspection);
    PictureSection pictures = new PictureSection(IMAGE_BYTES);
    inspection
        .set()
        .ifPresent(
            set -> {
              SetStatistics statistics = set.statistics();
              LabelSection.write(html, statistics);
              pictures.random(html, inspection);
              tubelets.ifPresent(view -> tubelets(html, view));
              SpreadSection.sizes(html, statistics);
              SpreadSection.pixels(html, inspection.pixels());
              statistics.decoding().ifPresent(one -> SpreadSection.decoding(html, one));
            });
    QuarantineSection.write(
        html,
        inspection.quarantine(),
        inspection.set().map(set -> set.statistics().labels()).orElse(List.of()));
    inspection
        .set()
        .ifPresent(
            set -> {
              pictures.byClass(html, inspection);
              RecordSection.write(html, set.manifest());
            });
    html.close("main").raw("<script>" + script + "</script>\n</body>\n</html>\n");
    return html.toString();
  }

  /**
   * A tubelet view as an image file.
   *
   * @param png content of the file
   * @param width in pixels
   * @param height in pixels
   * @param video id of the clip
   * @param caption describes the image
   */
  public record TubeletImage(byte[] png, int width, int height, String video, String caption) {}

  private static void header(Html html, Inspection inspection, String name) {
    html.open("header").open("h1").isolated(name).close("h1");
    html.open("p class=\"where\"").path(inspection.folder()).close("p");
    html.open("div class=\"cards\"");
    for (List<String> card : cards(inspection)) {
      html.open("div class=\"card\"").element("b", card.get(0)).element("span", card.get(1));
      html.close("div");
    }
    html.close("div").close("header");
  }

  private static List<List<String>> cards(Inspection inspection) {
    List<List<String>> cards = new ArrayList<>();
    if (inspection.set().isPresent()) {
      Described set = inspection.set().get();
      Manifest manifest = set.manifest();
      long bytes = manifest.shards().stream().mapToLong(shard -> shard.bytes()).sum();
      cards.add(List.of(Figures.count(manifest.clips()), manifest.purpose().word() + " clips"));
      cards.add(List.of(Figures.count(manifest.videos()), "videos"));
      for (LabelStatistics head : set.statistics().labels()) {
        cards.add(List.of(Figures.count(head.classes().size()), "classes of " + head.head()));
      }
      cards.add(List.of(Figures.count(manifest.shards().size()), "shards"));
      cards.add(List.of(Figures.bytes(bytes), "on disk"));
      cards.add(
          List.of(
              manifest.frames() + " x " + manifest.stride(),
              manifest.framesPerSecond() == 0
                  ? "frames x stride"
                  : "frames x stride at " + Figures.number(manifest.framesPerSecond()) + " fps"));
    }
    cards.add(List.of(Figures.count(inspection.quarantine().videos().size()), "videos left out"));
    return cards;
  }

  private static void problems(Html html, Inspection inspection) {
    if (inspection.isGood()) {
      html.element(
          "p class=\"good\"",
          "No damage seen in footers, small columns and the clips shown; vivit verify reads"
              + " everything.");
      return;
    }
    html.open("section class=\"damage\"").element("h2", "Damage");
    html.open("ul");
    inspection.problems().forEach(problem -> html.open("li").isolated(problem).close("li"));
    html.close("ul");
    html.element("p", "Everything below is about what could be read.").close("section");
  }

  private static void tubelets(Html html, TubeletImage view) {
    html.section("tubelets", "What a token is");
    html.open("figure class=\"wide\"");
    html.raw(
        "<img src=\"%s\" width=\"%s\" height=\"%s\" alt=\"%s\"/>"
            .formatted(
                Images.dataUri("png", view.png()),
                Integer.toString(view.width()),
                Integer.toString(view.height()),
                Visible.markup(view.caption())));
    html.open("figcaption")
        .text(view.caption() + ". The clip is ")
        .path(view.video())
        .close("figcaption")
        .close("figure");
    html.close("section");
  }

  /** The last component of a path. */
  private static String name(String folder) {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    byte[] digest = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }
}
