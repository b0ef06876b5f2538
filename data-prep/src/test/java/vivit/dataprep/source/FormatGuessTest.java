package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelColumns;

class FormatGuessTest {
  @TempDir Path folder;
  private DataSetFolder data;

  @BeforeEach
  void start() {
    data = new DataSetFolder(folder);
  }

  private FormatGuess guess(String name) throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    return FormatGuess.of(
        fs, new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), LabelColumns.DEFAULT);
  }

  private FormatGuess guess(String name, String text) throws IOException {
    data.text(name, text);
    return guess(name);
  }

  @Test
  void tellsByHeadersNamesAndRows() throws IOException {
    assertThat(guess("a.csv", "\ufeffLabel,YouTube_id,time_start\n"))
        .isEqualTo(new FormatGuess(SourceFormat.KINETICS, "it has a column youtube_id"));
    assertThat(guess("b.csv", "narration_id,participant_id\n").format())
        .isEqualTo(SourceFormat.EPIC_KITCHENS);
    assertThat(guess("c.csv", "label,path\n").format()).isEqualTo(SourceFormat.CSV);
    assertThat(guess("d.csv", "a b,-3B32lodo2M,59,69,val\n").format())
        .isEqualTo(SourceFormat.KINETICS);
    assertThat(guess("e.csv", "a/b.mp4,opening,1,2\n").format()).isEqualTo(SourceFormat.CSV);
    assertThat(guess("validation.json", "[]").format()).isEqualTo(SourceFormat.SOMETHING_SOMETHING);
    assertThat(guess("own.json", "[{\"id\":1,\"template\":\"\"}]").format())
        .isEqualTo(SourceFormat.SOMETHING_SOMETHING);
    assertThat(guess("validationSet.csv", "a/b.mp4,a,1,2\n"))
        .isEqualTo(new FormatGuess(SourceFormat.MOMENTS, "the file is called validationSet.csv"));
  }

  @Test
  void refusesWhatCouldBeSeveral() throws IOException {
    assertThatThrownBy(() -> guess("list.csv", "a/b.mp4,a,1,2\n"))
        .hasMessageContaining(
            "this could be moments (its rows have a file in its class's folder and two counts) or"
                + " csv (its rows begin with a video and a class); say which with prepare.format");
    data.text("moments_categories.txt", "a,0\n");
    assertThat(guess("list.csv").format()).isEqualTo(SourceFormat.MOMENTS);
  }

  @Test
  void refusesWhatIsNoClass() throws IOException {
    data.videos("k/train/x.mp4", "k/val/y.mp4", "k/replacement/z.mp4", "flat/x.mp4");
    assertThatThrownBy(() -> data.read("k"))
        .hasMessageContaining("its folders [train, val] are splits, not classes; give one of them");
    assertThatThrownBy(() -> data.read("flat"))
        .hasMessageContaining("its videos, such as x.mp4, are in no class folder; put each into");
    data.text("l.csv", "video,label\nflat/x.mp4,a\nk/val/y.mp4,b\n");
    assertThatThrownBy(() -> data.read("l.csv"))
        .hasMessageContaining(
            "its first row begins with \"video\", which is not a video; if it names")
        .hasMessageContaining("call them path,label");
    data.text("l.csv", "path,label,split\nflat/x.mp4,a,train\n");
    assertThatThrownBy(() -> data.read("l.csv"))
        .hasMessageContaining("unknown column \"split\"; expected [path, label, start, end]; corr");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> guess("list.csv", "once upon a time\n"))
        .hasMessageContaining(
            "cannot tell what format this is: its first line is \"once upon a time\"; expected rows"
                + " such as path,label, or say prepare.format=folders, csv, kinetics");
  }

  @Test
  void aFolderWithAnnotationFilesIsNotOneOfClasses() throws IOException {
    data.videos("classes/a/x.mp4", "set/train/x.mp4", "splits/train/a/x.mp4", "splits/val/a/y.mp4");
    data.text("classes/readme.txt", "hello");
    assertThat(guess("classes").format()).isEqualTo(SourceFormat.FOLDERS);

    data.text("set/train.csv", "label,youtube_id,time_start,time_end\n");
    data.text("set/val.csv", "label,youtube_id,time_start,time_end\n");
    assertThatThrownBy(() -> guess("set"))
        .hasMessageContaining("the folder has annotation files; give one of them, prepare.input=")
        .hasMessageContaining("set/train.csv (kinetics), prepare.input=")
        .hasMessageContaining(
            "set/val.csv (kinetics), or prepare.format=folders to take its folders as classes");
    assertThatThrownBy(() -> data.read("splits"))
        .hasMessageContaining("its folders [train, val] are splits, not classes; give one of them");
  }
}
