package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.source.Chapters.ChapterRule;

/** Annotations of every format and class lists; the first byte of an input says which. */
class AnnotationFuzzTest extends FuzzedReader {
  private static final Configuration CONF = new Configuration();
  private static final String[] VIDEOS = {
    "a.mp4", "b.mp4", "a.webm", "b.webm", "v0000000001_000001_000011.mp4", "x/a.mp4"
  };

  private enum Form {
    CSV("list.csv", "path,label,start,end\na.mp4,x,1.5,00:00:03\n\"b.mp4\",y,,\n"),
    SPACED("list.csv", "a.mp4 x\nb.mp4 y\n"),
    KINETICS(
        "train.csv",
        "label,youtube_id,time_start,time_end,split,is_cc\n\"a, b\",v0000000001,1,11,train,0\n"),
    KINETICS_PATHS("train.txt", "singing/v0000000001_000001_000011\n"),
    SOMETHING(
        "train.json",
        "[{\"id\":\"a\",\"template\":\"Pushing [it]\",\"p\":[\"x\",{}]},\n{\"id\":\"b\",\"template\":\"y\"}]"),
    MOMENTS("trainingSet.csv", "x/a.mp4,x,3,0\ny/b.mp4,y,2,1\n"),
    EPIC(
        "EPIC_100_train.csv",
        "narration_id,video_id,start_timestamp,stop_timestamp,noun_class\nn0,a,00:00:01.0,00:00:02.5,1\n"),
    GUESSED("list.csv", "a.mp4,x\nb.mp4,y\n"),
    JSON_CLASSES("classes/labels.json", "{\"Pushing it\":\"0\",\"b\":1,\"c\":\"2\"}"),
    CSV_CLASSES("classes/classes.csv", "id,key\n0,tap\n1,cup\n"),
    TEXT_CLASSES("classes/classes.txt", "a\nb\n");

    private final String name;
    private final String text;

    Form(String name, String text) {
      this.name = name;
      this.text = text;
    }

    private SourceFormat format() {
      return switch (this) {
        case KINETICS, KINETICS_PATHS -> SourceFormat.KINETICS;
        case SOMETHING -> SourceFormat.SOMETHING_SOMETHING;
        case MOMENTS -> SourceFormat.MOMENTS;
        case EPIC -> SourceFormat.EPIC_KITCHENS;
        case GUESSED -> SourceFormat.AUTO;
        default -> SourceFormat.CSV;
      };
    }
  }

  @Override
  protected Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (Form form : Form.values()) {
      seeds.put(form.toString(), input(form, form.text));
    }
    return seeds;
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof SourceException;
  }

  @Override
  protected void read(byte[] input) throws IOException {
    Form form = form(Form.class, input);
    makeVideos();
    Path file = Files.write(folder.resolve(form.name), content(input));
    if (form.compareTo(Form.JSON_CLASSES) >= 0) {
      ClassList.read(FileSystem.getLocal(CONF), new org.apache.hadoop.fs.Path(file.toUri()));
      return;
    }
    LabelColumns columns =
        form == Form.EPIC
            ? new LabelColumns(List.of("noun"), LabelColumns.DEFAULT.labelling())
            : LabelColumns.DEFAULT;
    String videos = folder.resolve("train").toString();
    SourceVideos found =
        VideoSource.read(
            CONF,
            new SourceSettings(
                form.format(), file.toString(), videos, "", columns, ChapterRule.JOIN, List.of()),
            Optional.empty());
    assertThat(found.videos()).isNotEmpty().extracting(LabelledVideo::id).doesNotContain("");
  }

  private void makeVideos() throws IOException {
    if (Files.exists(folder.resolve("train"))) {
      return;
    }
    for (String name : VIDEOS) {
      Path file = folder.resolve("train").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "video");
    }
    Files.createDirectory(folder.resolve("classes")); // where no annotations find them
    Files.writeString(folder.resolve("EPIC_100_noun_classes.csv"), "id,key\n0,tap\n1,cup\n");
  }
}
