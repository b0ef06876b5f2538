package vivit.model.initialise;

import java.util.Arrays;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.parameter.Parameter;
import vivit.model.shape.TokenGrid;
import vivit.model.variant.EncoderPlan;

/**
 * Plans the conversion of a position table of the file to one of the model from shapes alone;
 * docs/vivit.md, 4.3.
 */
record PositionPlanner(RestoredModel restored, ViViTConfig target, InitialisationOptions options) {

  /**
   * Determines the origin of an encoder's table.
   *
   * @param root name of the file's encoder
   */
  Origin plan(EncoderPlan encoder, Parameter parameter, TensorEntry entry, String root)
      throws InitialisationException {
    long[] found = entry.shape();
    long[] wanted = parameter.shape();
    if (Arrays.equals(found, wanted)) {
      return new Origin.Copied(entry);
    }
    if (found.length != 3 || found[0] != 1 || found[2] != wanted[2]) {
      throw mismatch(parameter, entry, "tables [1, n, %d]".formatted(wanted[2]));
    }
    boolean inFile = restored.hasTokenRow(root, found[1], options.sourceReadout());
    boolean inModel = target.readout().extraTokens() > 0;
    Origin.TokenRow token =
        inFile
            ? inModel ? Origin.TokenRow.RESTORED : Origin.TokenRow.DROPPED
            : inModel ? Origin.TokenRow.OWN : Origin.TokenRow.ABSENT;
    int from = Math.toIntExact(found[1]) - (inFile ? 1 : 0);
    return new Origin.Positions(
        entry, target.width(), token, change(encoder, parameter, entry, from));
  }

  private GridChange change(EncoderPlan encoder, Parameter parameter, TensorEntry entry, int from)
      throws InitialisationException {
    int wanted = encoder.tokens();
    if (from < 1) {
      throw mismatch(parameter, entry, "at least one position");
    }
    if (from == wanted) {
      return GridChange.none(from);
    }
    if (encoder.name().equals(EncoderPlan.TEMPORAL)) {
      return new GridChange(1, from, 1, wanted, 1);
    }
    Change change = new Change(encoder, parameter, entry, from, wanted);
    return switch (options.positions()) {
      case TILE -> tile(change);
      case RESIZE -> resize(change, 1);
      case RESIZE_TILE -> resize(change, times(encoder));
    };
  }

  /**
   * The change of a table from {@code from} to {@code wanted} positions, without the token's row.
   */
  private record Change(
      EncoderPlan encoder, Parameter parameter, TensorEntry entry, int from, int wanted) {}

  /** Number of time indices in one of the encoder's sequences. */
  private int times(EncoderPlan encoder) {
    return target.grid().time() / encoder.sequences();
  }

  private GridChange tile(Change change) throws InitialisationException {
    int repeats = change.wanted / change.from;
    boolean wholeTimes = change.from % target.grid().spatial() == 0;
    if (repeats * change.from != change.wanted || !(wholeTimes || allowsUnsound())) {
      throw refuse(
          change,
          "tile repeats them along time, so they must be the %d of one time index"
              .formatted(target.grid().spatial()));
    }
    return new GridChange(1, change.from, 1, change.from, repeats);
  }

  /** Resizes to {@code wanted / repeats} positions and repeats them. */
  private GridChange resize(Change change, int repeats) throws InitialisationException {
    TokenGrid grid = target.grid();
    int side = RestoredModel.root(change.from);
    if (side * side != change.from) {
      throw refuse(change, "only a square map can be resized");
    }
    if (restored.isVideo() && restored.mainRoot().equals(EncoderPlan.JOINT) && !allowsUnsound()) {
      throw refuse(change, "those of a whole clip are not a map to resize");
    }
    int wanted = change.wanted / repeats;
    int wantedSide = RestoredModel.root(wanted);
    if (allowsUnsound() && wantedSide * wantedSide == wanted) {
      return new GridChange(side, side, wantedSide, wantedSide, repeats);
    }
    if (wanted != grid.spatial()) {
      throw refuse(
          change,
          "resize would make one map of all %d time indices".formatted(times(change.encoder)));
    }
    return new GridChange(side, side, grid.height(), grid.width(), repeats);
  }

  private boolean allowsUnsound() {
    return options.unsoundPositions() == UnsoundPositions.ALLOW;
  }

  private InitialisationException refuse(Change change, String reason) {
    TokenGrid grid = target.grid();
    int times = times(change.encoder);
    PositionChange sound =
        change.from == grid.spatial()
            ? PositionChange.TILE
            : times == 1 ? PositionChange.RESIZE : PositionChange.RESIZE_TILE;
    boolean possible =
        RestoredModel.isSquare(change.from)
            && !(restored.isVideo() && restored.mainRoot().equals(EncoderPlan.JOINT));
    return new InitialisationException(
        change.parameter.name(),
        restored.file(),
        "%s has %d positions, the model %d (%d x %d x %d); %s; %s"
            .formatted(
                Arrays.toString(change.entry.shape()),
                change.from,
                change.wanted,
                times,
                grid.height(),
                grid.width(),
                reason,
                possible && sound != options.positions()
                    ? "use initialise.positions = " + kebab(sound)
                    : "use a checkpoint of this grid, or initialise.restore-positions = false"));
  }

  private static String kebab(PositionChange change) {
    return change == PositionChange.RESIZE_TILE
        ? "resize-tile"
        : change == PositionChange.TILE ? "tile" : "resize";
  }

  private InitialisationException mismatch(
      Parameter parameter, TensorEntry entry, String expected) {
    return new MatchingTensors(restored, target).otherSize(parameter, entry, expected);
  }
}
