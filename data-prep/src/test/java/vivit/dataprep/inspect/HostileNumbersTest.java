package vivit.dataprep.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.inspect.statistics.ClipFact;
import vivit.dataprep.inspect.statistics.ClipPicture;
import vivit.dataprep.inspect.statistics.ClipSelection;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.inspect.statistics.ShardFacts;
import vivit.dataprep.inspect.statistics.ShardPictures;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;

/** Figures and pictures of a set whose columns hold any numbers, with right checksums. */
class HostileNumbersTest {
  private static final int CLIPS = 4;
  private static final LabelHeads HEADS = LabelHeads.of(LabelMap.of(List.of("a", "b")));

  @TempDir Path folder;

  private static double real(Random random) {
    double[] some = {Double.NaN, Double.POSITIVE_INFINITY, -Double.MAX_VALUE, -1, 0, 1e-300, 25};
    return random.nextInt(3) > 0 ? random.nextInt(9) : some[random.nextInt(some.length)];
  }

  private static ClipOrigin origin(Random random) {
    double[] times = {real(random), real(random)};
    return new ClipOrigin(
        (int) HostileInput.number(3, random),
        (int) HostileInput.number(1, random),
        real(random),
        times,
        (int) HostileInput.number(48, random),
        (int) HostileInput.number(64, random),
        real(random));
  }

  private static StoredClip clip(int i, Random random) {
    int longSide = 1 << random.nextInt(17);
    int height = random.nextBoolean() ? longSide : 1 + random.nextInt(9);
    int width = height == longSide ? 1 + random.nextInt(9) : longSide;
    String video = "v" + i + "#t=" + real(random) + "," + real(random);
    byte[] pixels = new byte[2 * height * width * 3];
    return new StoredClip(
        video + ":0", video, 0, i % 2, i % 2 == 0 ? "a" : "b", 2, height, width, pixels);
  }

  /** Inspects a set, as a job does. */
  private static void inspect(ShardSet set) throws IOException {
    ShardFacts facts = ShardFacts.read(set, 0);
    assertThat(facts.problems()).isEmpty();
    List<ClipFact> clips = facts.clips();
    SetStatistics statistics = SetStatistics.of(set.manifest(), clips, Optional.empty(), 0);
    ArrayList<ClipPlace> places =
        new ArrayList<>(IntStream.range(0, CLIPS).mapToObj(i -> new ClipPlace(0, i)).toList());
    Map<ClipPlace, ClipPicture> pictures =
        ShardPictures.read(set, places).pictures().stream()
            .collect(Collectors.toMap(ClipPicture::place, Function.identity()));
    Inspection inspection =
        new Inspection(
            "set",
            Optional.of(new Inspection.Described(set.manifest(), statistics)),
            statistics.quarantine(),
            new ClipSelection(places, Map.of()),
            pictures,
            List.of());
    InspectionFiles files = InspectionFiles.draw(inspection, Optional.of(set));
    assertThat(files.text()).isNotEmpty();
    assertThat(files.files()).isNotEmpty();
  }

  @Test
  void numbersOfAnySizeAreShown() {
    HostileInput.run(
        "inspected numbers",
        3,
        IOException.class,
        random -> {
          ClipSettings clip = new ClipSettings(2, 1, 0, 0, 1, 1 + random.nextInt(4));
          ShardSetBuilder set =
              ShardSetBuilder.of(
                  new ShardHeader("test", Purpose.TRAINING, clip, HEADS, new TreeMap<>()));
          for (int i = 0; i < CLIPS; i++) {
            set.add(clip(i, random), origin(random));
          }
          inspect(set.write(Files.createTempDirectory(folder, "set"), Compression.LZ4, CLIPS));
        });
  }
}
