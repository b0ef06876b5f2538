package vivit.spark.model;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
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
import vivit.model.checkpoint.WholeModel;
import vivit.model.dl4j.ViViTZip;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.spark.config.ModelSettings;
import vivit.spark.config.StatedHeads;

/**
 * A whole model out of a file or folder of any format, with what it classifies by.
 *
 * <p>Runs and checkpoints of training, Hugging Face folders and DL4J zips say what model they are;
 * of the other formats the configuration says it: section {@code model}, and {@code
 * describe.classes} where there are several heads. Without any configuration, their tensors and the
 * size of the clip do, as far as they tell.
 *
 * @param config the model
 * @param heads names of its classes; numbers where the file has no names
 * @param source its parameters; closed with the record
 */
public record ModelFile(ViViTConfig config, LabelHeads heads, TensorSource source)
    implements Closeable {
  private static final String BIAS = "output_projection/bias";

  /** Opens a model without knowing the size of its clips. */
  public static ModelFile open(Configuration conf, String path, Arguments arguments)
      throws IOException {
    return open(conf, path, arguments, Optional.empty());
  }

  /**
   * Opens a model; the configuration and {@code clip} are read only for formats that do not
   * describe themselves.
   */
  public static ModelFile open(
      Configuration conf, String path, Arguments arguments, Optional<ClipShape> clip)
      throws IOException {
    Path place = new Path(path);
    if (LoadedModel.isIn(conf, place)) {
      LoadedModel loaded = LoadedModel.read(conf, place);
      return new ModelFile(
          loaded.config(),
          loaded.heads(),
          FlatSource.of(path, ParameterIndex.of(loaded.config()), loaded.parameters()));
    }
    Bytes file = Pretrained.bytes(conf, place);
    Optional<ModelFile> zip = dl4j(file);
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
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The tensors of a file or folder of any format, whatever model they are. */
  public static TensorSource tensors(Configuration conf, String path) throws IOException {
    Bytes file = Pretrained.bytes(conf, new Path(path));
    Optional<ModelFile> zip = dl4j(file);
    return zip.isPresent() ? zip.get().source() : Checkpoints.open(file);
  }

  /** The model in a DL4J zip, which is closed then; nothing in other files, which stay open. */
  private static Optional<ModelFile> dl4j(Bytes file) throws IOException {
    boolean other = false;
    try {
      if (Checkpoints.isDl4j(file)) {
        ViViTZip.Content zip = ViViTZip.read(file);
        ParameterIndex index = ParameterIndex.of(zip.config());
        return Optional.of(
            new ModelFile(
                zip.config(),
                nameless(zip.config().heads()),
                FlatSource.of(file.name(), index, zip.parameters())));
      }
      other = true;
      return Optional.empty();
    } finally {
      if (!other) {
        file.close();
      }
    }
  }

  private static ModelFile huggingFace(HuggingFaceCheckpoint folder) throws IOException {
    HuggingFaceConfig config = folder.config();
    try {
      LabelHead head =
          new LabelHead(
              HuggingFaceConfig.HEAD, labelling(config.loss()), LabelMap.of(config.labels()));
      return new ModelFile(config.model(), new LabelHeads(List.of(head)), folder);
    } catch (IllegalArgumentException unsound) {
      throw new IOException(
          "Cannot read %s: %s says: %s"
              .formatted(folder.name(), HuggingFaceConfig.FILE, unsound.getMessage()),
          unsound);
    }
  }

  private static ModelFile inferred(TensorSource source, ClipShape clip) throws IOException {
    ViViTConfig config = InferredModel.of(source, clip, LabelHead.DEFAULT_NAME);
    return new ModelFile(config, nameless(config.heads()), source);
  }

  private static ModelFile configured(TensorSource source, StrictConfig given) throws IOException {
    ModelSettings settings = ModelSettings.read(given.section("model"));
    List<Integer> wanted = StatedHeads.classes(given.section("describe"));
    given.check();
    List<Head> heads = heads(source, wanted);
    ViViTConfig config = settings.withHeads(heads);
    return new ModelFile(config, nameless(heads), source);
  }

  /** One head of as many classes as the file has, or the wanted ones if they add up to that. */
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
        "Cannot read %s as a whole model: it has no %s; an image model can only be started from, see initialise.from"
            .formatted(source.name(), BIAS));
  }

  /** Heads whose classes are numbered from 0. */
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

  /** The flat parameters. */
  public float[] parameters() throws IOException {
    return WholeModel.read(source, ParameterIndex.of(config));
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
