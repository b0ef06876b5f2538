package vivit.model.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renames the jointly numbered modules of pre-Linen Flax to Linen's names, which are numbered per
 * class: {@code LayerNorm_0, MultiHeadDotProductAttention_1, LayerNorm_2, MlpBlock_3} become {@code
 * LayerNorm_0, MultiHeadDotProductAttention_0, LayerNorm_1, MlpBlock_0}. docs/vivit.md, 3.4.
 *
 * <p>Modules are renamed only if their numbers are exactly 0, 1, 2, ... without repetition. Flax
 * renumbers unconditionally, so that later blocks silently take the place of a missing one; here
 * such a gap stays visible.
 */
final class LinenNames {

  private static final Pattern NUMBERED = Pattern.compile("(.+)_(0|[1-9][0-9]{0,6})");
  private static final int DEEPEST = 32;

  private LinenNames() {}

  private record Module(String name, String type, int number) {
    static Module of(String name) {
      Matcher matcher = NUMBERED.matcher(name);
      return matcher.matches()
          ? new Module(name, matcher.group(1), Integer.parseInt(matcher.group(2)))
          : new Module(name, name, -1);
    }
  }

  /** Maps every path, with parts joined by {@code /}, to its Linen path. */
  static Map<String, String> of(Collection<String> paths) {
    Map<String, Set<Module>> children = new HashMap<>();
    for (String path : paths) {
      String[] parts = path.split("/", -1);
      StringBuilder parent = new StringBuilder();
      for (int i = 0; i < parts.length && parts.length <= DEEPEST; i++) {
        children
            .computeIfAbsent(
                parent.toString(),
                key ->
                    new TreeSet<>(
                        Comparator.comparingInt(Module::number).thenComparing(Module::name)))
            .add(Module.of(parts[i]));
        parent.append(parts[i]).append('/');
      }
    }
    Map<String, Map<String, String>> renamed = new HashMap<>();
    children.forEach((parent, modules) -> renamed.put(parent, renamed(modules)));
    Map<String, String> linen = new LinkedHashMap<>();
    for (String path : paths) {
      String[] parts = path.split("/", -1);
      StringBuilder parent = new StringBuilder();
      for (int i = 0; i < parts.length && parts.length <= DEEPEST; i++) {
        String old = parts[i];
        parts[i] = renamed.get(parent.toString()).getOrDefault(old, old);
        parent.append(old).append('/');
      }
      linen.put(path, String.join("/", parts));
    }
    return linen;
  }

  /** New names of the modules of one parent; empty if they already are Linen's. */
  private static Map<String, String> renamed(Set<Module> modules) {
    List<Module> numbered = modules.stream().filter(module -> module.number() >= 0).toList();
    Set<String> types = new HashSet<>();
    for (int i = 0; i < numbered.size(); i++) {
      types.add(numbered.get(i).type());
      if (numbered.get(i).number() != i) {
        return Map.of();
      }
    }
    Map<String, String> names = new HashMap<>();
    if (types.size() > 1) {
      Map<String, Integer> counts = new HashMap<>();
      for (Module module : numbered) {
        int number = counts.merge(module.type(), 1, Integer::sum) - 1;
        names.put(module.name(), module.type() + "_" + number);
      }
    }
    return names;
  }
}
