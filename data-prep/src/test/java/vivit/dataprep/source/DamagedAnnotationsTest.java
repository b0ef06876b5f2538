package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.Labelling;

/**
 * Annotation files with anything wrong in them: they are read, or refused with a list of what is
 * wrong and where. Fifty seeds per format; {@code -Dvivit.flips=10000} tries more.
 */
class DamagedAnnotationsTest {
  private static final int SEEDS = Integer.getInteger("vivit.flips", 50);
  private static final String[] CELLS = {
    "",
    " ",
    "\"",
    "\"\"",
    "-1",
    "1e999",
    "NaN",
    "99999999999999999999",
    "00:00:61",
    "\u0000",
    "\ufeff",
    "../../etc/passwd",
    "a:b",
    "/",
    "[",
    "{\"",
    "null",
    "x,y",
    "\r",
    "\n",
    "#t=1,2",
    "\ud83c\udfac",
    "x".repeat(70_000),
    "1:2:3:4:5:6",
    "+",
    "%s%n",
    "*",
    "file:",
    "hdfs://h/x"
  };

  enum Set {
    CSV("list.csv", "path,label,start,end\na/x.mp4,sit,,\na/y.mp4,\"stand, up\",0.5,1.5\n"),
    KINETICS(
        "train.csv",
        "label,youtube_id,time_start,time_end,split,is_cc\nsit,-3B32lodo2M,59,69,train,0\n"
            + "\"stand up\",_dbcJuKJQNs,40,50,train,0\n"),
    SOMETHING_SOMETHING(
        "train.json",
        "[{\"id\":\"45\",\"label\":\"sit\",\"template\":\"sit\",\"placeholders\":[]},\n"
            + "{\"id\":\"9\",\"label\":\"stand\",\"template\":\"stand\",\"placeholders\":[\"x\"]}]"),
    EPIC_KITCHENS(
        "EPIC_100_train.csv",
        "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,"
            + "start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,"
            + "all_noun_classes\nP01_11_0,P01,P01_11,00:00:00.560,00:00:00.00,00:00:01.89,1,113,"
            + "take plate,take,0,plate,2,['plate'],[2]\nP01_11_1,P01,P01_11,,00:01:02.25,"
            + "00:01:04.00,3735,3840,\"put knife\",put,1,knife,1,['knife'],[1]\n"),
    MOMENTS("trainingSet.csv", "sit/a.mp4,sit,4,0\nstand+up/b.mp4,stand+up,3,1\n");

    private final String name;
    private final String text;

    Set(String name, String text) {
      this.name = name;
      this.text = text;
    }
  }

  @TempDir Path folder;

  private static final List<BiFunction<String, Random, String>> DAMAGES =
      List.of(
          DamagedAnnotationsTest::flip,
          DamagedAnnotationsTest::cell,
          DamagedAnnotationsTest::cell,
          (text, random) -> text.substring(0, random.nextInt(text.length())),
          (text, random) -> text + text.substring(random.nextInt(text.length())),
          (text, random) -> text.replace("\n", random.nextBoolean() ? "\r\n" : "\r"),
          (text, random) -> "\ufeff" + text,
          DamagedAnnotationsTest::lines);

  @ParameterizedTest
  @EnumSource(Set.class)
  @Timeout(60)
  void isReadOrRefused(Set set) throws IOException {
    DataSetFolder data = new DataSetFolder(folder);
    data.videos("a/x.mp4", "a/y.mp4", "train/-3B32lodo2M_000059_000069.mp4");
    data.videos("train/_dbcJuKJQNs_000040_000050.mp4", "20bn-something-something-v2/45.webm");
    data.videos("20bn-something-something-v2/9.webm", "P01/videos/P01_11.MP4");
    data.videos("training/sit/a.mp4", "training/stand+up/b.mp4");
    data.text("labels.json", "{\"sit\":\"0\",\"stand\":\"1\"}");
    data.text(
        "EPIC_100_noun_classes.csv",
        "id,key,instances,category\n1,knife,[],a\n2,plate,[],a\n0,tap,[],a\n");
    data.text("EPIC_100_verb_classes.csv", "id,key,instances,category\n0,take,[],a\n1,put,[],a\n");
    data.text("moments_categories.txt", "sit,0\nstand+up,1\n");
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      String text = set.text;
      for (int damage = random.nextInt(3); damage >= 0; damage--) {
        text = text.isEmpty() ? "x" : text;
        text = DAMAGES.get(random.nextInt(DAMAGES.size())).apply(text, random);
      }
      byte[] bytes =
          text.getBytes(seed % 7 == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
      Files.write(folder.resolve(set.name), bytes);
      SourceFormat format = SourceFormat.valueOf(set.name());
      LabelColumns columns =
          set == Set.EPIC_KITCHENS
              ? new LabelColumns(List.of("noun", "verb"), Labelling.SINGLE_LABEL)
              : LabelColumns.DEFAULT;
      try {
        SourceVideos videos =
            data.read(
                set.name,
                seed % 2 == 0 ? format : SourceFormat.AUTO,
                "",
                columns,
                Optional.empty());
        assertThat(videos.videos()).isNotEmpty();
        assertThat(videos.videos()).extracting(LabelledVideo::id).doesNotContain("");
        read++;
      } catch (SourceException e) {
        assertThat(e.getMessage().strip().toLowerCase(Locale.ROOT)).isNotEmpty().contains(":");
        refused++;
      } catch (RuntimeException | IOException e) {
        throw new AssertionError("Seed %d of %s: %s".formatted(seed, set, shown(text)), e);
      }
    }
    assertThat(read).as("read, of %d", SEEDS).isBetween(1, SEEDS - 1);
    assertThat(refused).as("refused, of %d", SEEDS).isPositive();
  }

  private static String flip(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    int at = random.nextInt(text.length());
    changed.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(8))));
    return changed.toString();
  }

  private static String cell(String text, Random random) {
    String[] parts = text.split("(?<=[,\n:])", -1);
    int at = random.nextInt(parts.length);
    String cell = CELLS[random.nextInt(CELLS.length)];
    parts[at] = random.nextBoolean() ? cell : cell + (at == parts.length - 1 ? "" : ",");
    return String.join("", parts);
  }

  private static String lines(String text, Random random) {
    List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)", -1)));
    Collections.shuffle(lines, random);
    lines.add(random.nextInt(lines.size() + 1), lines.get(0));
    return String.join("", lines);
  }

  private static String shown(String text) {
    return text.length() < 2000 ? text : text.substring(0, 2000) + "...";
  }
}
