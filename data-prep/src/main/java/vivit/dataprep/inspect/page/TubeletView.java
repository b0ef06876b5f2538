package vivit.dataprep.inspect.page;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.inspect.page.Lettering.Style;
import vivit.dataprep.inspect.statistics.Picture;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.text.Figures;

/**
 * Draws a clip as the model sees it: its grid of tubelets, with gaps between them, at a few times,
 * and below that one token, enlarged, over time.
 */
public final class TubeletView {
  private static final int MOST_TUBELETS = 1000; // along a side
  private static final int GRIDS = 3;
  private static final int GRID_WIDTH = 480;
  private static final int LARGEST_CELL = 96;
  private static final int MARGIN = 24;
  private static final int CAPTION = 26;
  private static final int ENLARGED = 64;
  private static final int TOKENS = 16;
  private static final int TOKEN_FRAMES = 4;
  private static final int TOKEN_GAP = 12;
  private static final int CHANNELS = 3;
  private static final Color MARK = new Color(0xd1242f);

  private final TubeletCutter cutter;
  private final byte[] tubelets;
  private final int cell;
  private final int gap;
  private final Point token;

  /** Whether the grid of a clip's tubelets is small enough for an image. */
  public static boolean isDrawable(StoredClip clip, int patch) {
    return Math.max(clip.height(), clip.width()) / patch < MOST_TUBELETS;
  }

  /** Cuts a clip into the tubelets of the shard, padding included. */
  public TubeletView(StoredClip clip, int tubeletFrames, int patch) {
    this.cutter =
        new TubeletCutter(clip.frames(), clip.height(), clip.width(), tubeletFrames, patch);
    this.tubelets = cutter.cut(clip.pixels());
    int room = Math.min(LARGEST_CELL, Math.max(2, GRID_WIDTH / cutter.gridWidth()));
    this.gap = Math.max(1, room / 8);
    int most = Math.max(1, room - gap);
    this.cell = most < patch ? most : most / patch * patch;
    this.token = mostChanging();
  }

  /** Describes the image in one sentence. */
  public String caption() {
    return ("%d frames of %d x %d pixels become %d x %d x %d = %s tokens;"
            + " a token is a tubelet of %d x %d x %d pixels, %s values")
        .formatted(
            cutter.frames(),
            cutter.height(),
            cutter.width(),
            cutter.gridFrames(),
            cutter.gridHeight(),
            cutter.gridWidth(),
            Figures.count((long) cutter.gridFrames() * cutter.gridHeight() * cutter.gridWidth()),
            cutter.tubeletFrames(),
            cutter.patch(),
            cutter.patch(),
            Figures.count((long) cutter.tubeletFrames() * cutter.patch() * cutter.patch() * 3));
  }

  /** Describes the enlarged token and its place in the grid. */
  public String tokenCaption() {
    return "the marked token, row %d, column %d, over time: its %s at each of the clip's %d times"
        .formatted(
            token.y, token.x, Figures.of(cutter.tubeletFrames(), "frame"), cutter.gridFrames());
  }

  /** Draws the image. */
  public BufferedImage draw(Lettering lettering) {
    List<Integer> times = spread(cutter.gridFrames(), GRIDS);
    int gridWidth = cutter.gridWidth() * (cell + gap) - gap;
    int gridHeight = cutter.gridHeight() * (cell + gap) - gap;
    List<Integer> strip = spread(cutter.gridFrames(), TOKENS);
    int shownFrames = Math.min(TOKEN_FRAMES, cutter.tubeletFrames());
    int tokenWidth = shownFrames * (ENLARGED + 1) - 1 + TOKEN_GAP;
    int contentWidth =
        Math.max(times.size() * (gridWidth + MARGIN) - MARGIN, 8 * tokenWidth - TOKEN_GAP);
    int perRow = Math.max(1, (contentWidth + TOKEN_GAP) / tokenWidth);
    int rows = (strip.size() + perRow - 1) / perRow;
    int stripTop = MARGIN + CAPTION + gridHeight + CAPTION + CAPTION;
    BufferedImage image =
        Images.blank(
            stripTop + rows * (ENLARGED + CAPTION) + MARGIN / 2, contentWidth + 2 * MARGIN);
    Graphics2D graphics = image.createGraphics();
    lettering.write(graphics, Style.STRONG, caption(), MARGIN, MARGIN + 10, contentWidth);
    for (int i = 0; i < times.size(); i++) {
      int left = MARGIN + i * (gridWidth + MARGIN);
      int time = times.get(i);
      grid(image, time, MARGIN + CAPTION, left);
      mark(graphics, place(i, token.y, token.x), cell, cell);
      lettering.write(
          graphics,
          Style.PLAIN,
          "time %d: frame %d".formatted(time, time * cutter.tubeletFrames()),
          left,
          MARGIN + CAPTION + gridHeight + 16,
          gridWidth);
    }
    lettering.write(graphics, Style.STRONG, tokenCaption(), MARGIN, stripTop - 8, contentWidth);
    for (int i = 0; i < strip.size(); i++) {
      int left = MARGIN + i % perRow * tokenWidth;
      int top = stripTop + i / perRow * (ENLARGED + CAPTION);
      for (int frame = 0; frame < shownFrames; frame++) {
        Picture one = tubelet(strip.get(i), token.y, token.x, frame);
        Images.put(image, one.resize(ENLARGED, ENLARGED), top, left + frame * (ENLARGED + 1));
      }
      lettering.write(
          graphics, Style.SMALL, "time " + strip.get(i), left, top + ENLARGED + 13, tokenWidth);
    }
    graphics.dispose();
    return image;
  }

  /** Top left corner of a tubelet in the image; {@code number} is the number of the drawn grid. */
  public Point place(int number, int row, int column) {
    int gridWidth = cutter.gridWidth() * (cell + gap) - gap;
    return new Point(
        MARGIN + number * (gridWidth + MARGIN) + column * (cell + gap),
        MARGIN + CAPTION + row * (cell + gap));
  }

  /** Side of a tubelet in the grid, in image pixels. */
  public int cell() {
    return cell;
  }

  /** Row and column of the enlarged token. */
  Point token() {
    return token;
  }

  private void grid(BufferedImage image, int time, int top, int left) {
    for (int y = 0; y < cutter.gridHeight(); y++) {
      for (int x = 0; x < cutter.gridWidth(); x++) {
        Images.put(
            image,
            tubelet(time, y, x, 0).resize(cell, cell),
            top + y * (cell + gap),
            left + x * (cell + gap));
      }
    }
  }

  private static void mark(Graphics2D graphics, Point corner, int height, int width) {
    graphics.setColor(MARK);
    graphics.drawRect(corner.x - 1, corner.y - 1, width + 1, height + 1);
    graphics.drawRect(corner.x - 2, corner.y - 2, width + 3, height + 3);
  }

  /** Extracts one frame of one tubelet. */
  Picture tubelet(int time, int row, int column, int frame) {
    int patch = cutter.patch();
    int bytes = patch * patch * CHANNELS;
    int number = (time * cutter.gridHeight() + row) * cutter.gridWidth() + column;
    byte[] rgb = new byte[bytes];
    System.arraycopy(tubelets, (number * cutter.tubeletFrames() + frame) * bytes, rgb, 0, bytes);
    return new Picture(patch, patch, rgb);
  }

  /** Sum of absolute differences of a token between consecutive times. */
  private long change(int row, int column) {
    long change = 0;
    for (int time = 1; time < cutter.gridFrames(); time++) {
      byte[] before = tubelet(time - 1, row, column, 0).rgb();
      byte[] after = tubelet(time, row, column, 0).rgb();
      for (int i = 0; i < after.length; i++) {
        change += Math.abs((after[i] & 0xff) - (before[i] & 0xff));
      }
    }
    return change;
  }

  /** The token that changes most, outside the edge rows and columns if there are others. */
  private Point mostChanging() {
    int edgeY = cutter.gridHeight() > 2 ? 1 : 0;
    int edgeX = cutter.gridWidth() > 2 ? 1 : 0;
    Point best = new Point(edgeX, edgeY);
    double most = -1;
    for (int y = edgeY; y < cutter.gridHeight() - edgeY; y++) {
      for (int x = edgeX; x < cutter.gridWidth() - edgeX; x++) {
        double here = cutter.gridFrames() == 1 ? tubelet(0, y, x, 0).variance() : change(y, x);
        if (here > most) {
          most = here;
          best = new Point(x, y);
        }
      }
    }
    return best;
  }

  /** Numbers below {@code count}, evenly spaced, including both ends; at most {@code most}. */
  private static List<Integer> spread(int count, int most) {
    List<Integer> numbers = new ArrayList<>();
    int kept = Math.min(count, most);
    for (int i = 0; i < kept; i++) {
      numbers.add(kept == 1 ? 0 : (int) ((long) i * (count - 1) / (kept - 1)));
    }
    return numbers;
  }
}
