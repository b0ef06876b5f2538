package vivit.spark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vivit.dataprep.config.StrictConfig;
import vivit.model.Head;
import vivit.model.parameter.ParameterIndex;

/** A configuration file of the product, and what its header says. */
record Recipe(String name) {
  private static final Pattern RESULT = Pattern.compile("#   ([0-9]{2}\\.[0-9])  .*");

  /** All files of the folder {@code conf}, but for the defaults. */
  static List<String> names() {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".conf") && !file.equals("base.conf"))
          .map(file -> file.substring(0, file.length() - ".conf".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file as users name it. */
  String file() {
    return "conf/" + name + ".conf";
  }

  /** Read, checked and found without fault. */
  Experiment experiment(String... overrides) {
    StrictConfig config = config(overrides);
    Experiment experiment = Experiment.read(config);
    config.check();
    return experiment;
  }

  StrictConfig config(String... overrides) {
    List<String> arguments = new ArrayList<>(List.of(path().toString()));
    arguments.addAll(Arrays.asList(overrides));
    return StrictConfig.load(arguments.toArray(String[]::new));
  }

  /** Parameters of the model with the classes that {@code vivit describe} takes. */
  long parameters() {
    return ParameterIndex.of(experiment().model().withHeads(heads())).length();
  }

  /** Heads with as many classes as {@code vivit describe} takes. */
  List<Head> heads() {
    List<Head> heads = new ArrayList<>();
    for (String classes : config().section("describe").texts("classes")) {
      heads.add(new Head("head" + heads.size(), Integer.parseInt(classes)));
    }
    return heads;
  }

  /** What the file itself says. */
  Config stated() {
    return ConfigFactory.parseFile(path().toFile());
  }

  /** The commands of the header, each as its words behind {@code bin/vivit}. */
  List<List<String>> commands() {
    List<List<String>> commands = new ArrayList<>();
    boolean more = false;
    for (String line : lines()) {
      if (line.startsWith("#   bin/vivit ")) {
        commands.add(new ArrayList<>());
        line = "#   " + line.substring("#   bin/vivit ".length());
        more = true;
      }
      if (more) {
        Stream.of(line.substring(1).split(" +"))
            .filter(word -> !word.isEmpty() && !word.equals("\\"))
            .forEach(commands.get(commands.size() - 1)::add);
        more = line.endsWith("\\");
      }
    }
    return commands;
  }

  /** The figures of the header, in per cent, with the keys that lead to each. */
  Map<String, List<String>> results() {
    Map<String, List<String>> results = new LinkedHashMap<>();
    List<String> keys = null;
    for (String line : lines()) {
      Matcher result = RESULT.matcher(line);
      if (result.matches()) {
        keys = new ArrayList<>();
        results.put(result.group(1), keys);
      } else if (!line.startsWith("#         ")) {
        keys = null;
      }
      if (keys != null) {
        Stream.of(line.split(" +")).filter(word -> word.contains("=")).forEach(keys::add);
      }
    }
    return results;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path path() {
    return folder().resolve(name + ".conf");
  }

  /** The repository's folder of configurations; tests run in a module's folder. */
  private static Path folder() {
    Path folder = Path.of("..", "conf");
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException("no folder " + folder.toAbsolutePath().normalize());
    }
    return folder;
  }
}
