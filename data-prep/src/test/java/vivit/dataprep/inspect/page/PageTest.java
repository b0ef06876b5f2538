package vivit.dataprep.inspect.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.inspect.InspectionFiles;
import vivit.dataprep.inspect.statistics.ClipFact;
import vivit.dataprep.inspect.statistics.ClipPicture;
import vivit.dataprep.inspect.statistics.ClipSelection;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.inspect.statistics.Distribution;
import vivit.dataprep.inspect.statistics.InspectedSet;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.LabelStatistics;
import vivit.dataprep.inspect.statistics.Picture;
import vivit.dataprep.inspect.statistics.PixelStatistics;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.inspect.statistics.ShardFacts;
import vivit.dataprep.inspect.statistics.ShardPictures;
import vivit.dataprep.inspect.statistics.StatisticsTest;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.ShardSet;

/** The page as a browser would read it. */
class PageTest {
  @TempDir Path folder;

  private static Inspection inspect(ShardSet set) throws IOException {
    List<ClipFact> clips = new ArrayList<>();
    for (int shard = 0; shard < set.shards(); shard++) {
      clips.addAll(ShardFacts.read(set, shard).clips());
    }
    SetStatistics statistics =
        SetStatistics.of(
            set.manifest(),
            clips,
            Optional.of(
                List.of(
                    new DecodeTiming("<v>&\"'", 2.5, 100, 4000),
                    new DecodeTiming("b", 0.5, 20, 1000))),
            0);
    ClipSelection selection = ClipSelection.draw(clips, statistics.labels(), 8, 10, 2, 0);
    Map<ClipPlace, ClipPicture> pictures = new HashMap<>();
    for (ClipPlace place : selection.all()) {
      pictures.put(place, ShardPictures.read(set, List.of(place)).pictures().get(0));
    }
    return new Inspection(
        "file:/data/<set>",
        Optional.of(new Inspection.Described(set.manifest(), statistics)),
        statistics.quarantine(),
        selection,
        pictures,
        List.of("part-1 is \"bad\" <b>"));
  }

  static Document parse(String page) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    } catch (Exception e) {
      throw new AssertionError("The page is not well-formed", e);
    }
  }

  private static List<Element> elements(Document page, String tag) {
    NodeList all = page.getElementsByTagName(tag);
    return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i)).toList();
  }

  @Test
  void hostileNamesStayText() throws Exception {
    ShardSet set = InspectedSet.write(folder, Compression.NONE, 7, 9);
    InspectionFiles files = InspectionFiles.draw(inspect(set), Optional.of(set));
    String text = new String(files.files().get("index.html"), StandardCharsets.UTF_8);
    Document page = parse(text);

    List<Element> scripts = elements(page, "script");
    assertThat(scripts).hasSize(1);
    byte[] script = scripts.get(0).getTextContent().getBytes(StandardCharsets.UTF_8);
    String hash =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(script));
    assertThat(elements(page, "meta").stream().map(e -> e.getAttribute("content")))
        .anyMatch(policy -> policy.contains("default-src 'none'") && policy.contains(hash));
    assertThat(elements(page, "img"))
        .isNotEmpty()
        .allMatch(image -> image.getAttribute("src").startsWith("data:image/"));
    for (Element any : elements(page, "*")) {
      for (int i = 0; i < any.getAttributes().getLength(); i++) {
        assertThat(any.getAttributes().item(i).getNodeName())
            .doesNotStartWith("on")
            .isNotIn("href", "action");
      }
    }
    String body = elements(page, "body").get(0).getTextContent();
    assertThat(body)
        .contains("<script>alert(1)</script>", "\"quoted\" & 'single' <b>", "turned\\u202eeman")
        .contains("two\\nlines\\u0000", "x".repeat(255), "<v>&\"'", "part-1 is \"bad\" <b>")
        .contains("bad/<1>.mp4", "]]></style><img src=x onerror=alert(2)>", "<hostile>&")
        .doesNotContain("\u202e");
    assertThat(text).contains("prefers-color-scheme: dark", "@media print", "<svg");
    assertThat(elements(page, "section").stream().map(e -> e.getAttribute("id")))
        .contains("classes", "random", "tubelets", "sizes", "pixels", "decoding", "quarantine")
        .contains("by-class", "record");
  }

  @Test
  void figuresAreThoseOfTheSet() throws IOException {
    ShardSet set = InspectedSet.write(folder, Compression.NONE, 7, 9);
    Inspection inspection = inspect(set);
    SetStatistics statistics = inspection.set().orElseThrow().statistics();
    LabelStatistics noun = statistics.labels().get(0);
    assertThat(noun.classes().stream().map(c -> c.clips()))
        .containsExactly(4L, 4L, 2L, 2L, 2L, 2L, 0L, 0L);
    assertThat(noun.classes().stream().map(c -> c.videos()))
        .containsExactly(2L, 2L, 1L, 1L, 1L, 1L, 0L, 0L);
    assertThat(noun.classes().get(0).quarantinedShare()).isEqualTo(0.5);
    assertThat(noun.classes().get(6).quarantinedShare()).isEqualTo(1);
    assertThat(noun.empty().stream().map(c -> c.id())).containsExactly(6, 7);
    assertThat(noun.imbalance()).isEqualTo(2);
    assertThat(statistics.labels().get(1).classes().stream().map(c -> c.clips()))
        .containsExactly(10L, 0L, 5L);
    assertThat(statistics.looping()).isEqualTo(1);
    assertThat(statistics.sourceSizes())
        .containsExactly(
            new SetStatistics.Amount("64 x 48", 8), new SetStatistics.Amount("64 x 49", 8));
    Map<String, Distribution> named = new TreeMap<>();
    statistics.distributions().forEach(one -> named.put(one.name(), one));
    assertThat(named.get("Clip start").min()).isZero();
    assertThat(named.get("Clip start").max()).isEqualTo(15);
    assertThat(named.get("Clip span").count()).isEqualTo(15);
    assertThat(named.get("Source frame rate").count()).isEqualTo(15);
    assertThat(named.get("Annotated part").count()).isEqualTo(6);
    assertThat(named.get("Annotated part").mean()).isEqualTo(2.75);
    assertThat(named.get("Source used up to").count()).isEqualTo(8);
    assertThat(named.get("Clips per shard").max()).isEqualTo(9);
    assertThat(statistics.decoding().orElseThrow().slowest().get(0).video()).isEqualTo("<v>&\"'");
    String text = StatisticsText.of(inspection);
    assertThat(text)
        .contains("16 training clips of 8 videos in 2 shards")
        .contains("100.0 % of noun never: 1 video")
        .contains("2  truncated: it ends at byte # of #")
        .contains("without clips: never; ]]></style>")
        .contains("Damage")
        .doesNotContain("\u202e", "\u0000");
  }

  @Test
  void aThousandClassesAndManyBadVideosMakeNoGiant() {
    LabelHeads heads =
        LabelHeads.of(
            LabelMap.of(IntStream.range(0, 1000).mapToObj(i -> "<class> number " + i).toList()));
    List<Quarantined> bad =
        IntStream.range(0, 20_000)
            .mapToObj(
                i ->
                    InspectedSet.bad(
                        "v" + i, "<class> number " + i % 1000, BadKind.TIMEOUT, "cause " + i))
            .toList();
    List<ClipFact> clips =
        IntStream.range(0, 250_000)
            .mapToObj(i -> StatisticsTest.fact(i, i / 2, List.of(i % 997)))
            .toList();
    Manifest manifest =
        new Manifest(
            1,
            "test",
            Purpose.TRAINING,
            InspectedSet.CLIP,
            heads,
            List.of(),
            IntStream.range(0, 1000).mapToObj(i -> i < 997 ? 250L : 0L).toList(),
            125_000,
            new Quarantine(
                bad,
                List.of(new Remark("<half>", "x", "the end")),
                List.of(new Remark("<odd>", "x", "it has <two> streams")),
                IntStream.range(0, 1000).mapToObj(i -> 145L).toList(),
                IntStream.range(0, 1000).mapToObj(i -> 20L).toList()),
            new TreeMap<>(),
            "");
    SetStatistics statistics = SetStatistics.of(manifest, clips, Optional.empty(), 0);
    assertThat(statistics.labels().get(0).classes())
        .allMatch(one -> one.videos() == 125 && one.quarantined() == 20);
    ClipSelection selection = ClipSelection.draw(clips, statistics.labels(), 64, 40, 2, 0);
    assertThat(selection.byClass()).hasSize(40);
    assertThat(selection.all().size()).isLessThanOrEqualTo(64 + 80);
    Map<ClipPlace, ClipPicture> pictures = new HashMap<>();
    selection.all().forEach(place -> pictures.put(place, noise(place)));
    String page =
        Page.write(
            new Inspection(
                "set",
                Optional.of(new Inspection.Described(manifest, statistics)),
                statistics.quarantine(),
                selection,
                pictures,
                List.of()),
            Optional.empty());
    assertThat(page.length()).isLessThan(12 << 20);
    assertThat(page)
        .contains(
            "The first 1000 of 20000",
            "&lt;half&gt;",
            "&lt;two&gt;",
            "more are in the PNG file only");
    assertThat(elements(parse(page), "h1")).hasSize(1);
  }

  private static ClipPicture noise(ClipPlace place) {
    byte[] pixels = new byte[96 * 160 * 3];
    new Random(place.rowGroup()).nextBytes(pixels);
    Picture frame = new Picture(96, 160, pixels);
    return new ClipPicture(
        place,
        "v",
        0,
        List.of(List.of("x")),
        96,
        160,
        List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0),
        List.of(frame, frame, frame, frame, frame, frame),
        PixelStatistics.none());
  }

  @Test
  void aFailedPreparationHasItsListOnly() throws IOException {
    Inspection inspection =
        Inspection.withoutSet(
            "set", Quarantine.of(InspectedSet.quarantined()), "set has no _manifest.json");
    InspectionFiles files = InspectionFiles.draw(inspection, Optional.empty());
    assertThat(files.files()).containsOnlyKeys("statistics.json", "index.html");
    String page = new String(files.files().get("index.html"), StandardCharsets.UTF_8);
    assertThat(elements(parse(page), "body").get(0).getTextContent())
        .contains("set has no _manifest.json", "it ends at byte # of #", "bad/<1>.mp4");
    assertThat(files.text()).contains("3 videos left out", "set has no _manifest.json");
  }
}
