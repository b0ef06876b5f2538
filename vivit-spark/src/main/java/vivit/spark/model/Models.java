package vivit.spark.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Bytes;
import vivit.model.checkpoint.Checkpoints;
import vivit.model.checkpoint.FlatSource;
import vivit.model.checkpoint.HuggingFaceCheckpoint;
import vivit.model.checkpoint.HuggingFaceConfig;
import vivit.model.checkpoint.InferredModel;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.dl4j.ViViTZip;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.config.ModelSettings;
import vivit.spark.config.StatedHeads;

/**
 * Opens models of any format on any Hadoop file system.
 *
 * <p>Runs and checkpoints of training, Hugging Face folders and DL4J zips describe their model. For
 * other formats the configuration describes it: section {@code model}, and {@code describe.classes}
 * if there are several heads. Without a configuration, the model is inferred from the tensors and
 * the size of the clip, if they determine it.
 */
public final class Models {
  private static final String PYTORCH = "pytorch_model(-.*)?\\.bin|.*\\.(pt|pth|ckpt)";
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final String BIAS = "output_projection/bias";

  private Models() {}

  /**
   * Opens a whole model: of a run the newest intact checkpoint, of a checkpoint the moving average
   * of the parameters if it has one.
   *
   * @param arguments configuration; read only for formats that do not describe their model
   * @param clip size of the clips to score, if known; used only if nothing else describes the model
   * @throws IOException if there is no model, or it is damaged
   */
  public static Model open(
      Configuration conf, String place, Arguments arguments, Optional<ClipShape> clip)
      throws IOException {
    Path path = new Path(place);
    Optional<Checkpoint> trained = CheckpointStore.find(conf, path);
    if (trained.isPresent()) {
      CheckpointState state = trained.get().state();
      return new Model(state.model().config(), state.heads(), tensors(conf, trained.get()));
    }
    Bytes file = file(conf, path);
    Optional<Model> zip = dl4j(file);
    if (zip.isPresent()) {
      return zip.get();
    }
    TensorSource source = Checkpoints.open(file);
    try {
      return source instanceof HuggingFaceCheckpoint folder
          ? huggingFace(folder)
          : arguments.describesModel() || clip.isEmpty()
              ? configured(source, arguments.load())
              : inferred(source, clip.get());
    } catch (IllegalArgumentException impossible) {
      source.close();
      throw new IOException(
          "Cannot read %s as a whole model: %s".formatted(path, impossible.getMessage()),
          impossible);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Opens the tensors of a file or folder of any model; of a run or checkpoint the same tensors as
   * {@link #open}.
   *
   * @throws IOException if there are no tensors, or they are damaged
   */
  public static TensorSource tensors(Configuration conf, Path path) throws IOException {
    Optional<Checkpoint> trained = CheckpointStore.find(conf, path);
    if (trained.isPresent()) {
      return tensors(conf, trained.get());
    }
    Bytes file = file(conf, path);
    Optional<Model> zip = dl4j(file);
    return zip.isPresent() ? zip.get().source() : Checkpoints.open(file);
  }

  /** Says in the log what a reader of these tensors should know of them. */
  public static void warn(TensorSource source) {
    if (source instanceof HuggingFaceCheckpoint folder) {
      folder.note().ifPresent(LOG::warn);
    }
  }

  private static TensorSource tensors(Configuration conf, Checkpoint trained) throws IOException {
    Path file = trained.evaluatedFile();
    return Checkpoints.open(HadoopBytes.open(AtomicFile.raw(OpenFileSystem.of(file, conf)), file));
  }

  /** The file itself, or the file of a folder that holds the parameters; the caller closes it. */
  private static Bytes file(Configuration conf, Path path) throws IOException {
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(path, conf));
    if (!fs.exists(path)) {
      throw new IOException(
          "Cannot read %s: there is no such file or folder; %s"
              .formatted(
                  MissingPath.name(fs, path), MissingPath.advice(fs, path, "check the path")));
    }
    if (fs.getFileStatus(path).isFile()) {
      return HadoopBytes.open(fs, path);
    }
    for (String name : Checkpoints.FOLDER_FILES) {
      if (fs.exists(new Path(path, name))) {
        return HadoopBytes.open(fs, new Path(path, name));
      }
    }
    for (FileStatus file : fs.listStatus(path)) {
      if (file.getPath().getName().matches(PYTORCH)) {
        throw new IOException(
            "Cannot read %s: it holds %s, a pickle, which can run code and is not read; save it as %s: in Python, from_pretrained(folder).save_pretrained(folder, safe_serialization=True)"
                .formatted(path, file.getPath().getName(), Checkpoints.FOLDER_FILES.get(0)));
      }
    }
    throw new IOException(
        "Cannot read %s: the folder holds none of %s, and it is neither a run nor a checkpoint of train"
            .formatted(path, String.join(", ", Checkpoints.FOLDER_FILES)));
  }

  /** Reads a DL4J zip and closes it; for any other file returns empty and leaves the file open. */
  private static Optional<Model> dl4j(Bytes file) throws IOException {
    boolean open = false;
    try {
      if (!Checkpoints.isDl4j(file)) {
        open = true;
        return Optional.empty();
      }
      ViViTZip.ZippedModel zip = ViViTZip.read(file);
      ParameterIndex index = ParameterIndex.of(zip.config());
      return Optional.of(
          new Model(
              zip.config(),
              nameless(zip.config().heads()),
              FlatSource.of(file.name(), index, zip.parameters())));
    } finally {
      if (!open) {
        file.close();
      }
    }
  }

  private static Model huggingFace(HuggingFaceCheckpoint folder) throws IOException {
    HuggingFaceConfig config = folder.config();
    warn(folder);
    try {
      LabelHead head =
          new LabelHead(
              HuggingFaceConfig.HEAD, labelling(config.loss()), LabelMap.of(config.labels()));
      return new Model(config.model(), new LabelHeads(List.of(head)), folder);
    } catch (IllegalArgumentException unsound) {
      throw new IOException(
          "Cannot read %s: %s says: %s"
              .formatted(folder.name(), HuggingFaceConfig.FILE, unsound.getMessage()),
          unsound);
    }
  }

  private static Model inferred(TensorSource source, ClipShape clip) throws IOException {
    ViViTConfig config = InferredModel.of(source, clip, LabelHead.DEFAULT_NAME);
    return new Model(config, nameless(config.heads()), source);
  }

  private static Model configured(TensorSource source, StrictConfig given) throws IOException {
    ModelSettings settings = ModelSettings.read(given.section("model"));
    List<Integer> wanted = StatedHeads.classes(given.section("describe"));
    given.check();
    List<Head> heads = heads(source, wanted);
    ViViTConfig config = settings.withHeads(heads);
    return new Model(config, nameless(heads), source);
  }

  /**
   * One head with all classes of the file, or the wanted heads if their numbers of classes add up
   * to it.
   */
  private static List<Head> heads(TensorSource source, List<Integer> wanted) throws IOException {
    for (TensorEntry tensor : source.tensors()) {
      if (tensor.name().equals(BIAS) && tensor.shape().length == 1) {
        int classes = Math.toIntExact(tensor.shape()[0]);
        boolean split =
            wanted.size() > 1 && wanted.stream().mapToInt(count -> count).sum() == classes;
        return StatedHeads.heads(split ? wanted : List.of(classes));
      }
    }
    throw new IOException(
        "Cannot read %s as a whole model: it has no %s; an image model can only start a run, see initialise.from"
            .formatted(source.name(), BIAS));
  }

  /** Heads whose class names are numbers from 0. */
  private static LabelHeads nameless(List<Head> heads) {
    List<LabelHead> named = new ArrayList<>();
    for (Head head : heads) {
      List<String> names = IntStream.range(0, head.classes()).mapToObj(Integer::toString).toList();
      named.add(new LabelHead(head.name(), labelling(head.loss()), LabelMap.of(names)));
    }
    return new LabelHeads(named);
  }

  private static Labelling labelling(Loss loss) {
    return loss == Loss.SIGMOID ? Labelling.MULTI_LABEL : Labelling.SINGLE_LABEL;
  }
}
