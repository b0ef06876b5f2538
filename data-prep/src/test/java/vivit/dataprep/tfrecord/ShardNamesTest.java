package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceSettings;

class ShardNamesTest {
  @TempDir Path folder;

  private List<String> expand(String input) throws IOException {
    return ShardNames.expand(
            new Configuration(), SourceSettings.of(folder + "/" + input, LabelColumns.DEFAULT))
        .stream()
        .map(org.apache.hadoop.fs.Path::getName)
        .toList();
  }

  private void make(String... names) throws IOException {
    for (String name : names) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.write(folder.resolve(name), new byte[0]);
    }
  }

  @Test
  void aSpecStandsForItsShards() throws IOException {
    make("train-00000-of-00002", "train-00001-of-00002", "v.rgb-00000-of-00001.tfrecord");
    assertThat(expand("train@2")).containsExactly("train-00000-of-00002", "train-00001-of-00002");
    assertThat(expand("v.rgb@1.tfrecord")).containsExactly("v.rgb-00000-of-00001.tfrecord");
  }

  @Test
  void missingShardsOfASpecAreListed() throws IOException {
    make("train-00001-of-00003");
    assertThatThrownBy(() -> expand("train@3"))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith(
            ("%1$s/train@3: 2 of 3 shards are missing in %1$s; copy them, or give the number of"
                    + " shards there are\nmissing: %1$s/train-00000-of-00003\nmissing:"
                    + " %1$s/train-00002-of-00003")
                .formatted(folder));
    assertThatThrownBy(() -> expand("nowhere/train@1"))
        .hasMessageContaining("1 of 1 shards are missing in " + folder + "/nowhere;");
    assertThatThrownBy(() -> expand("train@0")).hasMessageContaining("found 0 shards");
  }

  @Test
  void aFolderStandsForItsShardsInOrder() throws IOException {
    make("b.tfrecord", "a.tfrecord.gz", "c-00000-of-00001", "notes.txt", "sub/d.tfrecord");
    assertThat(
            ShardNames.expand(
                new Configuration(), SourceSettings.of(folder.toString(), LabelColumns.DEFAULT)))
        .extracting(org.apache.hadoop.fs.Path::getName)
        .containsExactly("a.tfrecord.gz", "b.tfrecord", "c-00000-of-00001");
    make("empty/readme.md");
    assertThatThrownBy(() -> expand("empty")).hasMessageContaining("found no shards; expected");
  }

  @Test
  void aListNamesShardsAndSpecs() throws IOException {
    make("one.tfrecord", "sub/two-00000-of-00002", "sub/two-00001-of-00002", "any name");
    Files.writeString(folder.resolve("list.txt"), "\ufeffone.tfrecord\r\n\nsub/two@2\nany name\n");
    assertThat(expand("list.txt"))
        .containsExactly("one.tfrecord", "two-00000-of-00002", "two-00001-of-00002", "any name");
    Files.writeString(folder.resolve("bad.txt"), "gone.tfrecord\nlist.txt\nsub/two@4\n");
    assertThatThrownBy(() -> expand("bad.txt"))
        .hasMessageContaining("gone.tfrecord: no such file or folder")
        .hasMessageContaining("bad.txt: 2: lists another list, list.txt")
        .hasMessageContaining("sub/two@4: 4 of 4 shards are missing");
    Files.writeString(folder.resolve("none.txt"), "\n");
    assertThatThrownBy(() -> expand("none.txt")).hasMessageContaining("lists no shards");
  }

  @Test
  void shardsOfTheSameNameAreRefused() throws IOException {
    make("a/x.tfrecord", "b/x.tfrecord");
    Files.writeString(folder.resolve("list.txt"), "a\nb\n");
    assertThatThrownBy(() -> expand("list.txt"))
        .hasMessageContaining("two shards are called x.tfrecord");
  }

  @Test
  void knowsShardsByTheirNames() throws IOException {
    Configuration conf = new Configuration();
    make("shards/x-00000-of-00010.gz", "videos/x.mp4");
    assertThat(ShardNames.areShards(conf, "gone/train@128")).isTrue();
    assertThat(ShardNames.areShards(conf, "gone/train.tfrecord")).isTrue();
    assertThat(ShardNames.areShards(conf, folder + "/shards")).isTrue();
    assertThat(ShardNames.areShards(conf, folder + "/videos")).isFalse();
    assertThat(ShardNames.areShards(conf, folder + "/train.csv")).isFalse();
  }
}
