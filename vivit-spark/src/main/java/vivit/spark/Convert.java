package vivit.spark;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.model.checkpoint.HuggingFaceConfig;
import vivit.model.checkpoint.HuggingFaceWriter;
import vivit.model.checkpoint.ScenicWriter;
import vivit.model.checkpoint.TensorSource;
import vivit.model.dl4j.ViViTZip;
import vivit.model.onnx.OnnxWriter;
import vivit.spark.model.Model;
import vivit.spark.model.Models;

/** Writes a checkpoint in another format. */
public final class Convert {
  private static final String FORMAT = "format";
  private static final String FORMATS = "huggingface, scenic, dl4j or onnx";
  private static final Command COMMAND =
      new Command(
          """
          vivit convert <in> <out> --format huggingface|scenic|dl4j|onnx [config] [key=value ...]

          Reads a run, a checkpoint, a Hugging Face folder, a DL4J zip, an image ViT (.npz), a
          Scenic checkpoint or a safetensors file, on any file system, and writes
            huggingface  a folder that the library loads (Model 1 only)
            scenic       one safetensors file in Scenic's names (any model)
            dl4j         a zip for DL4J's ModelSerializer (any model up to 2 GiB)
            onnx         one ONNX file for inference (any model up to 2 GiB)
          Checkpoints that do not describe their model need a configuration (section model).
          """,
          List.of("model", "describe"));

  private Convert() {}

  /** {@code <in> <out> --format FORMAT [config] [key=value ...]} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> convert(args));
  }

  /** Converts a checkpoint and prints the files written. */
  static void convert(String... args) throws IOException {
    Arguments arguments = Arguments.parse(Set.of(FORMAT), args);
    if (arguments.places().size() != 2) {
      throw new UsageException("found %s, expected <in> and <out>".formatted(arguments.places()));
    }
    String format =
        arguments
            .option(FORMAT)
            .orElseThrow(() -> new UsageException("found no --format, expected " + FORMATS));
    Configuration conf = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    String in = arguments.places().get(0);
    Path out = new Path(arguments.places().get(1));
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(out, conf));
    if (fs.exists(out)) {
      throw new IOException(out + " exists; name a new place");
    }
    try {
      write(conf, arguments, in, format, fs, out);
    } catch (IllegalArgumentException impossible) {
      throw new Refusal(impossible.getMessage(), impossible);
    }
    Command.print("Wrote " + out);
  }

  private static void write(
      Configuration conf, Arguments arguments, String in, String format, FileSystem fs, Path out)
      throws IOException {
    switch (format) {
      case "huggingface" -> {
        try (Model model = Models.open(conf, in, arguments, Optional.empty())) {
          huggingFace(model, fs, out);
        }
      }
      case "dl4j" -> {
        try (Model model = Models.open(conf, in, arguments, Optional.empty())) {
          float[] parameters = model.parameters();
          AtomicFile.write(fs, out, stream -> ViViTZip.write(model.config(), parameters, stream));
        }
      }
      case "onnx" -> {
        try (Model model = Models.open(conf, in, arguments, Optional.empty())) {
          List<List<String>> labels =
              model.heads().list().stream().map(head -> head.map().names()).toList();
          AtomicFile.write(
              fs, out, stream -> OnnxWriter.write(model.config(), model.source(), labels, stream));
        }
      }
      case "scenic" -> {
        try (TensorSource source = Models.tensors(conf, new Path(in))) {
          Models.warn(source);
          AtomicFile.write(fs, out, stream -> ScenicWriter.write(source, stream));
        }
      }
      default ->
          throw new UsageException("found --format %s, expected %s".formatted(format, FORMATS));
    }
  }

  private static void huggingFace(Model model, FileSystem fs, Path out) throws IOException {
    HuggingFaceConfig config = HuggingFaceConfig.of(model.config(), model.heads().classNames());
    Path temporary = AtomicFile.temporaryName(out);
    fs.mkdirs(temporary);
    boolean complete = false;
    try {
      HuggingFaceWriter.write(
          model.source(), config, name -> fs.create(new Path(temporary, name), false));
      AtomicFile.rename(fs, temporary, out);
      complete = true;
    } finally {
      if (!complete) {
        fs.delete(temporary, true);
      }
    }
  }
}
