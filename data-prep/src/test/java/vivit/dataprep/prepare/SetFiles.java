package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.shard.VideoList;
import vivit.dataprep.shard.VideoList.ListedVideo;

/** All files of a shard set, to compare. */
final class SetFiles {
  private SetFiles() {}

  /** Contents by path in the folder, subfolders included. */
  static Map<String, byte[]> of(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  static void assertSame(Path folder, Map<String, byte[]> expected) throws IOException {
    Map<String, byte[]> found = of(folder);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
  }

  static void copy(Path from, Path to) throws IOException {
    for (Map.Entry<String, byte[]> file : of(from).entrySet()) {
      Path target = to.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
    }
  }

  /** The list of videos of a set that was prepared. */
  static List<ListedVideo> videos(PrepareReport report) throws IOException {
    return VideoList.read(
        report.folder().getFileSystem(new Configuration()),
        new org.apache.hadoop.fs.Path(report.folder(), VideoList.FILE_NAME),
        report.manifest().videosSha256());
  }

  /** All clips of a set that was prepared, in the order of its shards. */
  static List<StoredClip> clips(PrepareReport report) throws IOException {
    ShardSet set = ShardSet.open(report.folder(), new Configuration());
    List<StoredClip> clips = new ArrayList<>();
    for (int shard = 0; shard < set.shards(); shard++) {
      try (ShardReader reader = set.reader(shard)) {
        for (int i = 0; i < reader.clips(); i++) {
          clips.add(reader.read(i));
        }
      }
    }
    return clips;
  }
}
