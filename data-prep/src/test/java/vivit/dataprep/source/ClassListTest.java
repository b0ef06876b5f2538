package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelMap;

class ClassListTest {
  @TempDir Path folder;

  private LabelMap read(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return ClassList.read(
        FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(file.toUri()));
  }

  @Test
  void readsNamesALine() throws IOException {
    assertThat(read("labels.txt", "\ufeffwave\r\n a b \nclose\n\n").names())
        .containsExactly("wave", "a b", "close");
    assertThat(read("labels.txt", "wave\nclose, 2\n").names()).containsExactly("wave", "close, 2");
  }

  @Test
  void readsNamesWithIds() throws IOException {
    assertThat(read("moments_categories.txt", "clapping,1\nbowing,0\n").names())
        .containsExactly("bowing", "clapping");
    assertThat(
            read("classes.csv", "id,key,instances\n1,cup,\"['cup', 'mug']\"\n0,tap,[]\n").names())
        .containsExactly("tap", "cup");
    assertThat(read("k400.csv", "id,name\n0,abseiling\n1,air drumming\n").names())
        .containsExactly("abseiling", "air drumming");
  }

  @Test
  void readsJsonEitherWayRound() throws IOException {
    assertThat(read("a.json", "{\"b\": \"1\", \"a\": 0}").names()).containsExactly("a", "b");
    assertThat(read("a.json", "{\"1\": \"b\", \"0\": \"a\"}").names()).containsExactly("a", "b");
    assertThat(read("a.json", "[\"b\", \"a\"]").names()).containsExactly("b", "a");
  }

  @Test
  void composesNames() throws IOException {
    assertThat(read("labels.txt", "cafe\u0301\n").names()).containsExactly("caf\u00e9");
  }

  @Test
  void refusesGapsRepeatsAndNonsense() {
    assertThatThrownBy(() -> read("a.json", "{\"a\": 0, \"b\": 3}"))
        .hasMessageContaining(
            "found 2 classes with ids up to 3, expected ids from 0 without gaps; there is no [1,"
                + " 2]");
    assertThatThrownBy(() -> read("c.csv", "id,key\n0,a\n0,b\n"))
        .hasMessageContaining("c.csv: 3: the classes \"a\" and \"b\" have the same id, 0");
    assertThatThrownBy(() -> read("c.csv", "id,key\nx,a\n"))
        .hasMessageContaining("c.csv: 2: id: found \"x\", expected a whole number from 0 up");
    assertThatThrownBy(() -> read("a.json", "{\"a\": \"b\"}"))
        .hasMessageContaining("a: found \"b\", expected the id of this class");
    assertThatThrownBy(() -> read("a.json", "{\"a\": 0,"))
        .hasMessageContaining("a.json: 1: not JSON: ");
    assertThatThrownBy(() -> read("a.txt", "a\nb\na\n"))
        .hasMessageContaining("a.txt: The label \"a\" is listed twice, as 0 and 2");
    assertThatThrownBy(() -> read("a.txt", " \n")).hasMessageContaining("the file is empty");
  }
}
