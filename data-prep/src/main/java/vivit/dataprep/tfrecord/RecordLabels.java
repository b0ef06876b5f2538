package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.MissingVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.text.Figures;
import vivit.dataprep.tfrecord.ShardIndex.Entry;

/**
 * Turns what records say into class names.
 *
 * <p>Ids count over all heads, the first head's classes first, as the original code has them for
 * EPIC-Kitchens: a noun is its id, a verb is 300 + its id. Every problem of every record is listed.
 */
public final class RecordLabels {
  private static final String ADVICE =
      "; give prepare.labels in the order of the ids, with their prepare.tfrecord.label-offset, or"
          + " prepare.tfrecord.classes=text to go by the names alone";

  private final LabelColumns columns;
  private final Optional<LabelHeads> given;
  private final RecordClasses source;
  private final long offset;
  private final List<String> problems = new ArrayList<>();
  private LabelHeads heads; // null if there are no names at all
  private boolean needsLabels;

  /**
   * Starts with these label maps.
   *
   * @param columns the heads of the set
   * @param given the label maps of {@code prepare.labels}, if it is set
   */
  public RecordLabels(LabelColumns columns, Optional<LabelHeads> given, RecordSettings settings) {
    this.columns = columns;
    this.given = given;
    this.source = settings.classes();
    this.offset = settings.labelOffset();
  }

  /** Looks again at records that say something odd. */
  @FunctionalInterface
  interface Checks {
    /**
     * The same record as a bad one, if its checksum says so.
     *
     * @throws IOException if the storage fails
     */
    Optional<Entry> damaged(String shard, Entry record) throws IOException;
  }

  /**
   * Labels all records. Those whose labels are wrong, or of a class that no other has, are believed
   * only after their checksums were compared.
   *
   * @param listed what the shards hold
   * @return a video per record, called {@code shard#number}, and after a colon the file name that
   *     it states, if any; as missing those that cannot be read
   * @throws SourceException naming all records whose labels are wrong
   * @throws IOException if the storage fails
   */
  public SourceVideos label(List<ShardIndex> listed, Configuration conf) throws IOException {
    return label(listed, new RecordChecks(conf));
  }

  SourceVideos label(List<ShardIndex> listed, Checks checks) throws IOException {
    if (columns.heads().size() > 1 && source == RecordClasses.TEXT) {
      problems.add(
          "names of records do not say of which head they are, but prepare.heads lists %s; give"
                  .formatted(columns.heads())
              + " prepare.tfrecord.classes=index");
    }
    List<ShardIndex> shards = given.isPresent() ? listed : believed(listed, checks);
    heads = given.or(() -> sorted(shards)).orElse(null);
    List<LabelledVideo> videos = new ArrayList<>();
    List<MissingVideo> unreadable = new ArrayList<>();
    for (ShardIndex shard : shards) {
      for (Entry record : shard.records()) {
        int before = problems.size();
        LabelledVideo video = video(shard.shard(), record);
        Entry entry = record;
        if (problems.size() > before) {
          entry = checks.damaged(shard.shard(), record).orElse(record);
        }
        if (entry.example() != null) {
          videos.add(video);
        } else {
          problems.subList(before, problems.size()).clear();
          unreadable.add(
              new MissingVideo(video(shard.shard(), entry), entry.kind(), entry.problem()));
        }
      }
    }
    if (needsLabels) {
      problems.clear(); // that there is no class is but a consequence
      problems.add(
          "the records have ids of classes; give the names in the order of these with"
              + " prepare.labels");
    }
    if (videos.isEmpty() && problems.isEmpty()) {
      problems.add(
          "found no readable record in %s%s"
              .formatted(
                  Figures.of(shards.size(), "shard"),
                  unreadable.isEmpty() ? "" : "; " + unreadable.get(0).cause()));
    }
    if (!problems.isEmpty()) {
      throw new SourceException(problems);
    }
    return new SourceVideos(videos, unreadable, Optional.empty());
  }

  private LabelledVideo video(String shard, Entry entry) {
    String id = new Path(shard).getName() + "#" + entry.number();
    List<List<String>> labels = Collections.nCopies(columns.heads().size(), List.of());
    if (entry.example() != null) {
      String file = entry.example().fileName();
      id += file.isEmpty() ? "" : ":" + file;
      labels = labels(id, entry.example());
    }
    return new LabelledVideo(id, shard, labels, TimeSpan.WHOLE, entry.start(), entry.length());
  }

  /** The same without records that seem to be alone in a class, and are damaged. */
  private static List<ShardIndex> believed(List<ShardIndex> shards, Checks checks)
      throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    for (ShardIndex shard : shards) {
      shard.records().stream()
          .filter(record -> record.example() != null)
          .flatMap(record -> record.example().texts().stream())
          .forEach(name -> counts.merge(name, 1, Integer::sum));
    }
    List<ShardIndex> believed = new ArrayList<>();
    for (ShardIndex shard : shards) {
      List<Entry> records = new ArrayList<>();
      for (Entry record : shard.records()) {
        boolean alone =
            record.example() != null
                && record.example().texts().stream().anyMatch(name -> counts.get(name) == 1);
        records.add(alone ? checks.damaged(shard.shard(), record).orElse(record) : record);
      }
      believed.add(new ShardIndex(shard.shard(), records));
    }
    return believed;
  }

  /** Without given names: those of the records, sorted; empty if records have none. */
  private Optional<LabelHeads> sorted(List<ShardIndex> shards) {
    List<String> names =
        shards.stream()
            .flatMap(shard -> shard.records().stream())
            .filter(entry -> entry.example() != null)
            .flatMap(entry -> entry.example().texts().stream())
            .filter(name -> !name.isBlank())
            .toList();
    return columns.heads().size() > 1 || source == RecordClasses.INDEX || names.isEmpty()
        ? Optional.empty()
        : Optional.of(columns.with(List.of(LabelMap.sorted(names))));
  }

  private List<List<String>> labels(String id, Example example) {
    int before = problems.size();
    List<List<String>> labels = isByText(example) ? byText(id, example) : byIndex(id, example);
    if (problems.size() > before) {
      return labels;
    }
    boolean single = columns.labelling() == Labelling.SINGLE_LABEL;
    for (int head = 0; head < labels.size(); head++) {
      List<String> names = labels.get(head);
      if (single ? names.size() != 1 : names.stream().distinct().count() < names.size()) {
        problems.add(
            "%s: found %s, expected %s of the head %s"
                .formatted(
                    id,
                    names.isEmpty() ? "no class" : "the classes " + names,
                    single ? "one" : "different ones",
                    columns.heads().get(head)));
      }
    }
    return labels;
  }

  private boolean isByText(Example example) {
    boolean hasNames = columns.heads().size() == 1 && !example.texts().isEmpty();
    return source == RecordClasses.TEXT || (source == RecordClasses.AUTO && hasNames);
  }

  private List<List<String>> byText(String id, Example example) {
    List<String> names = example.texts();
    boolean compare = source == RecordClasses.AUTO && !example.indices().isEmpty();
    if (compare && names.size() != example.indices().size()) {
      problems.add(
          "%s: found the names %s and the ids %s, expected as many of both"
              .formatted(id, names, example.indices()));
      return List.of(names);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      OptionalInt known = heads == null ? OptionalInt.empty() : map(0).id(name);
      if (name.isBlank()) {
        problems.add(id + ": the name of its class is empty");
      } else if (known.isEmpty()) {
        problems.add(
            "%s: the %s \"%s\" is not among the %d of prepare.labels"
                .formatted(id, columns.heads().get(0), name, map(0).size()));
      } else if (compare && example.indices().get(i) - offset != known.getAsInt()) {
        problems.add(
            "%s: its class has the id %d and the name \"%s\", which is number %d of %s%s"
                .formatted(
                    id,
                    example.indices().get(i),
                    name,
                    known.getAsInt() + offset,
                    given.isPresent() ? "prepare.labels" : "the sorted names",
                    ADVICE));
      }
    }
    return List.of(names);
  }

  private List<List<String>> byIndex(String id, Example example) {
    List<List<String>> labels = new ArrayList<>();
    columns.heads().forEach(head -> labels.add(new ArrayList<>()));
    if (heads == null) {
      needsLabels |= !example.indices().isEmpty();
      return labels;
    }
    for (long index : example.indices()) {
      long number = index - offset;
      if (number < 0 || number >= heads.classes()) {
        problems.add(
            "%s: its class has the id %d, expected %d to %d, as there are %d names"
                .formatted(id, index, offset, offset + heads.classes() - 1, heads.classes()));
        continue;
      }
      int head = columns.heads().size() - 1;
      while (number < heads.offset(head)) {
        head--;
      }
      labels.get(head).add(map(head).name((int) number - heads.offset(head)));
    }
    return labels;
  }

  private LabelMap map(int head) {
    return heads.get(head).map();
  }
}
