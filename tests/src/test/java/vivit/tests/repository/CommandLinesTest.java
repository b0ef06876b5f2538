package vivit.tests.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Command lines of the pages name commands, files, keys and options that exist. */
class CommandLinesTest {
  private static final Pattern COMMAND_LINE = Pattern.compile("(?:.*\\s)?bin/vivit\\s+(.*)");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^    ([a-z]+)\\) echo (vivit\\S+) ;;$");
  private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9-]*(?:\\.[a-z0-9-]+)*)=.*");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
  private static final Pattern LITERAL = Pattern.compile("\"(?:--)?([a-z][a-z-]*)");

  private final String launcher = Files.readString(Repository.ROOT.resolve("bin/vivit"));
  private final Set<String> commands = find(COMMAND, launcher);
  private final Set<String> options = options();
  private final Config base =
      ConfigFactory.parseFile(Repository.ROOT.resolve("conf/base.conf").toFile());

  CommandLinesTest() throws IOException {}

  @Test
  void everyCommandLineIsOneOfTheLauncher() throws IOException {
    List<String> wrong = new ArrayList<>();
    int lines = 0;
    for (Path page : Repository.pages().toList()) {
      for (String code : Markdown.read(page).code()) {
        Matcher line = COMMAND_LINE.matcher(code);
        if (line.matches()) {
          lines++;
          problems(line.group(1).strip().split("\\s+"))
              .forEach(problem -> wrong.add(Repository.name(page) + ": " + problem + ": " + code));
        }
      }
    }
    assertThat(commands).contains("prepare", "train", "demo");
    assertThat(lines).isGreaterThan(10);
    assertThat(wrong).isEmpty();
  }

  private List<String> problems(String[] words) {
    List<String> problems = new ArrayList<>();
    if (!commands.contains(words[0]) && !Set.of("help", "<command>").contains(words[0])) {
      problems.add("unknown command " + words[0]);
    }
    for (int i = 1; i < words.length; i++) {
      Matcher key = KEY.matcher(words[i]);
      if (words[i - 1].equals("--conf")) {
        continue; // a setting of Spark
      }
      if (words[i].startsWith("conf/") && !Files.exists(Repository.ROOT.resolve(words[i]))) {
        problems.add("no file " + words[i]);
      } else if (words[i].startsWith("--")) {
        String option = words[i].replaceFirst("=.*", "");
        if (!OPTION.matcher(option).matches() || !options.contains(option)) {
          problems.add("unknown option " + option);
        }
      } else if (key.matches() && !base.hasPathOrNull(key.group(1))) {
        problems.add("unknown key " + key.group(1));
      }
    }
    return problems;
  }

  /** The launcher's options, and every word that could be one in the sources of the commands. */
  private Set<String> options() throws IOException {
    Set<String> options =
        OPTION.matcher(launcher).results().map(MatchResult::group).collect(Collectors.toSet());
    for (Path file : Repository.files().toList()) {
      if (Repository.name(file).matches("[^/]+/src/main/java/.*")) {
        find(LITERAL, Files.readString(file)).forEach(word -> options.add("--" + word));
      }
    }
    return options;
  }

  private static Set<String> find(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
  }
}
