package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.prepare.ShardPlanner.PlanSettings;
import vivit.dataprep.prepare.ShardPlanner.SizedVideo;
import vivit.dataprep.source.LabelledVideo;

class ShardPlannerTest {
  private static final long CLIP_BYTES = 1 << 20;

  private static PlanSettings settings(int videosPerShard, long seed) {
    return new PlanSettings(videosPerShard, 1, 2, CLIP_BYTES, seed);
  }

  private static SizedVideo video(int i, String label, long bytes) {
    return new SizedVideo(new LabelledVideo("v" + i, "/v" + i, label, TimeSpan.WHOLE), bytes);
  }

  private static List<SizedVideo> videos(int count) {
    return IntStream.range(0, count).mapToObj(i -> video(i, "label", 1000 + i * 37)).toList();
  }

  @Test
  void dealsOutEveryVideoOnceInNearlyEqualShards() {
    List<ShardPlan> plans = ShardPlanner.plan(videos(23), settings(5, 1), 0);

    assertThat(plans).extracting(ShardPlan::shard).containsExactly(0, 1, 2, 3, 4);
    assertThat(plans)
        .extracting(plan -> plan.videos().size())
        .containsExactlyInAnyOrder(5, 5, 5, 4, 4);
    assertThat(plans.stream().flatMap(plan -> plan.videos().stream()))
        .containsExactlyInAnyOrderElementsOf(videos(23).stream().map(SizedVideo::video).toList());
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    List<SizedVideo> other = new ArrayList<>(videos(23));
    Collections.shuffle(other, new Random(4));

    assertThat(ShardPlanner.plan(other, settings(5, 1), 0))
        .isEqualTo(ShardPlanner.plan(videos(23), settings(5, 1), 0));
    assertThat(ShardPlanner.plan(videos(23), settings(5, 2), 0))
        .isNotEqualTo(ShardPlanner.plan(videos(23), settings(5, 1), 0));
  }

  @Test
  void laterShardsHaveLaterNumbers() {
    assertThat(ShardPlanner.plan(videos(6), settings(3, 1), 17))
        .extracting(ShardPlan::shard)
        .containsExactly(17, 18);
  }

  @Test
  void aSmallSetIsStillCutForManyCores() {
    PlanSettings settings = new PlanSettings(10_000, 32, 1, CLIP_BYTES, 3);
    assertThat(ShardPlanner.plan(videos(10), settings, 0)).hasSize(1);
    assertThat(ShardPlanner.plan(videos(160), settings, 0)).hasSize(10);
    assertThat(ShardPlanner.plan(videos(2000), settings, 0)).hasSize(32);
  }

  /** Sizes as of videos of 10 s, with some of ten minutes and two of an hour among them. */
  @Test
  void noShardIsMuchHeavierThanTheMean() {
    Random random = new Random(11);
    List<SizedVideo> videos = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      double seconds = 10 * Math.exp(random.nextGaussian() * 0.5);
      seconds = i % 100 == 0 ? 600 : seconds;
      seconds = i % 2000 == 7 ? 3600 : seconds;
      videos.add(video(i, "label", (long) (seconds * 60_000)));
    }
    List<ShardPlan> plans = ShardPlanner.plan(videos, settings(50, 5), 0);

    double mean = plans.stream().mapToLong(ShardPlan::cost).average().orElseThrow();
    long heaviest = plans.stream().mapToLong(ShardPlan::cost).max().orElseThrow();
    long single = plans.stream().flatMap(plan -> plan.costs().stream()).max(Long::compare).get();
    assertThat(plans).hasSize(80);
    assertThat((double) heaviest).isLessThan(1.25 * Math.max(mean, (double) single));
    assertThat(plans).allMatch(plan -> plan.videos().size() == 50);
    // without the long ones, of which each is half a shard's worth or more, all are nearly equal
    List<ShardPlan> even =
        ShardPlanner.plan(
            videos.stream().filter(video -> video.bytes() < 30_000_000).toList(),
            settings(50, 5),
            0);
    double evenMean = even.stream().mapToLong(ShardPlan::cost).average().orElseThrow();
    double evenMost = even.stream().mapToLong(ShardPlan::cost).max().orElseThrow();
    assertThat(evenMost).isLessThan(1.05 * evenMean);
  }

  /**
   * 50 classes of 60 videos, listed class by class, whose sizes tell their classes nearly: the
   * first tenth of the shards must have about six of each. Chi-square with 49 degrees of freedom
   * has mean 49 and stays below 100 in all but a few cases of 100,000, for a random sample.
   */
  @Test
  void anyPrefixOfShardsHasAllClasses() {
    Random random = new Random(3);
    List<SizedVideo> videos = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int label = i / 60;
      videos.add(video(i, "class " + label, 400_000 + label * 20_000 + random.nextInt(1000)));
    }
    for (long seed = 0; seed < 20; seed++) {
      List<ShardPlan> plans = ShardPlanner.plan(videos, settings(30, seed), 0);
      Map<String, Integer> found = new HashMap<>();
      plans.subList(0, plans.size() / 10).stream()
          .flatMap(plan -> plan.videos().stream())
          .forEach(video -> found.merge(video.label(), 1, Integer::sum));
      double chiSquare = 0;
      for (int label = 0; label < 50; label++) {
        double difference = found.getOrDefault("class " + label, 0) - 6;
        chiSquare += difference * difference / 6;
      }
      assertThat(chiSquare).as("seed %d", seed).isLessThan(100);
    }
  }

  @Test
  void partsOfAFileStayTogetherInOrderOfTime() {
    List<SizedVideo> videos = new ArrayList<>();
    for (int file = 0; file < 40; file++) {
      for (int part = 0; part < 30; part++) {
        int start = (part * 7) % 30 * 10;
        videos.add(
            new SizedVideo(
                new LabelledVideo(
                    file + "_" + part,
                    "/long" + file + ".mp4",
                    "label",
                    new TimeSpan(start, start + 5)),
                50_000_000));
      }
    }
    List<ShardPlan> plans = ShardPlanner.plan(videos, settings(60, 5), 0);

    assertThat(plans).hasSize(20);
    for (ShardPlan plan : plans) {
      assertThat(plan.videos().size()).isBetween(55, 65);
      for (List<LabelledVideo> group : plan.groups()) {
        assertThat(group.size()).isBetween(3, 4);
        assertThat(group).extracting(LabelledVideo::path).containsOnly(group.get(0).path());
        assertThat(group).extracting(one -> one.span().start()).isSorted().doesNotHaveDuplicates();
      }
      long files = plan.groups().stream().map(group -> group.get(0).path()).distinct().count();
      assertThat(files).isGreaterThan(10);
    }
  }
}
