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
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.source.SourceVideos.MissingVideo;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;
import vivit.dataprep.text.Figures;
import vivit.dataprep.tfrecord.RecordIndex.Entry;
import vivit.dataprep.tfrecord.RecordSettings.RecordClasses;

/**
 * Turns the labels of records into class names.
 *
 * <p>Ids count over all heads, the first head's classes first, as in the original code for
 * EPIC-Kitchens: a noun has its own id, a verb 300 + its id. All problems of all records are
 * reported.
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
   * Creates the labels of a set's records.
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

  /** Rechecks records with unlikely labels. */
  @FunctionalInterface
  interface Checks {
    /**
     * The record marked as bad, if its checksum is wrong.
     *
     * @throws IOException if the storage fails
     */
    Optional<Entry> damaged(String shard, Entry record) throws IOException;
  }

  /**
   * Labels all records. Records with wrong labels, or with a class that no other record has, count
   * only after their checksums are verified.
   *
   * @param listed records of the shards
   * @return one video per record, with the id {@code shard#number}, followed by a colon and its
   *     file name if it has one; unreadable records are missing videos
   * @throws SourceException naming all records whose labels are wrong
   * @throws IOException if the storage fails
   */
  public SourceVideos label(List<RecordIndex> listed, Configuration conf) throws IOException {
    return label(listed, new RecordChecks(conf));
  }

  SourceVideos label(List<RecordIndex> listed, Checks checks) throws IOException {
    refuseTooMany(listed);
    if (columns.heads().size() > 1 && source == RecordClasses.TEXT) {
      problems.add(
          "the names in records do not state their head, but prepare.heads lists %s; give"
                  .formatted(columns.heads())
              + " prepare.tfrecord.classes=index");
    }
    List<RecordIndex> shards = given.isPresent() ? listed : believed(listed, checks);
    heads = given.or(() -> sorted(shards)).orElse(null);
    List<LabelledVideo> videos = new ArrayList<>();
    List<MissingVideo> unreadable = new ArrayList<>();
    for (RecordIndex shard : shards) {
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
      problems.clear(); // the lack of a class is only a consequence
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

  private static void refuseTooMany(List<RecordIndex> shards) throws SourceException {
    List<String> refusals =
        shards.stream().map(RecordIndex::refusal).filter(refusal -> !refusal.isEmpty()).toList();
    if (!refusals.isEmpty()) {
      throw new SourceException(refusals);
    }
    long records = shards.stream().mapToLong(shard -> shard.records().size()).sum();
    if (records > WholeFile.mostRows()) {
      throw new SourceException(
          List.of(
              "%s: %s"
                  .formatted(
                      Figures.of(shards.size(), "shard"),
                      new OversizedFileException(records + " records", WholeFile.mostRows())
                          .getMessage())));
    }
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

  /** The shards, with damaged records that are alone in a class marked as bad. */
  private static List<RecordIndex> believed(List<RecordIndex> shards, Checks checks)
      throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    for (RecordIndex shard : shards) {
      shard.records().stream()
          .filter(record -> record.example() != null)
          .flatMap(record -> record.example().texts().stream())
          .forEach(name -> counts.merge(name, 1, Integer::sum));
    }
    List<RecordIndex> believed = new ArrayList<>();
    for (RecordIndex shard : shards) {
      List<Entry> records = new ArrayList<>();
      for (Entry record : shard.records()) {
        boolean alone =
            record.example() != null
                && record.example().texts().stream().anyMatch(name -> counts.get(name) == 1);
        records.add(alone ? checks.damaged(shard.shard(), record).orElse(record) : record);
      }
      believed.add(new RecordIndex(shard.shard(), records));
    }
    return believed;
  }

  /**
   * The heads with the sorted names of the records, if no names are given; empty if records have no
   * names.
   */
  private Optional<LabelHeads> sorted(List<RecordIndex> shards) {
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
