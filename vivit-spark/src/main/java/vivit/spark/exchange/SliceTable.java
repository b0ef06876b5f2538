package vivit.spark.exchange;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which executors hold each slice of some vectors, at one version. Small: it travels with every
 * task.
 */
public final class SliceTable implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String run;
  private final long version;
  private final int slices;
  private final TreeMap<String, List<List<Peer>>> holders = new TreeMap<>();

  /** An empty table of these vectors. */
  public SliceTable(String run, long version, int slices, Collection<String> vectors) {
    this.run = run;
    this.version = version;
    this.slices = slices;
    for (String vector : vectors) {
      List<List<Peer>> none = new ArrayList<>();
      for (int slice = 0; slice < slices; slice++) {
        none.add(new ArrayList<>());
      }
      holders.put(vector, none);
    }
  }

  /** Version of the vectors. */
  public long version() {
    return version;
  }

  /** Number of slices of each vector. */
  public int slices() {
    return slices;
  }

  /** The vectors. */
  public Set<String> vectors() {
    return holders.keySet();
  }

  /** The name of a slice at this version. */
  public SliceName name(String vector, int slice) {
    return new SliceName(run, vector, version, slice);
  }

  /** The name of a slice at the version after this one. */
  public SliceName nextName(String vector, int slice) {
    return new SliceName(run, vector, version + 1, slice);
  }

  /** Notes a holder of a slice; its first holder is its owner. */
  public void add(String vector, int slice, Peer holder) {
    List<Peer> known = holders.get(vector).get(slice);
    if (!known.contains(holder)) {
      known.add(holder);
    }
  }

  /** Holders of a slice, the owner first. */
  public List<Peer> holders(String vector, int slice) {
    return holders.get(vector).get(slice);
  }

  /** All executors in the table. */
  public Set<Peer> peers() {
    Set<Peer> peers = new LinkedHashSet<>();
    holders.values().forEach(slices -> slices.forEach(peers::addAll));
    return peers;
  }

  /** Whether every slice of every vector has a holder. */
  public boolean isWhole() {
    return holders.values().stream().allMatch(s -> s.stream().noneMatch(List::isEmpty));
  }

  /** The part of this table that is left on executors with these slices. */
  public SliceTable on(Map<Peer, Set<SliceName>> found) {
    SliceTable left = new SliceTable(run, version, slices, vectors());
    for (String vector : vectors()) {
      for (int slice = 0; slice < slices; slice++) {
        SliceName name = name(vector, slice);
        for (Map.Entry<Peer, Set<SliceName>> executor : found.entrySet()) {
          if (executor.getValue().contains(name)) {
            left.add(vector, slice, executor.getKey());
          }
        }
      }
    }
    return left;
  }
}
