package vivit.dataprep.inspect.page;

import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.inspect.page.Lettering.Style;
import vivit.dataprep.inspect.statistics.ClipPicture;
import vivit.dataprep.inspect.statistics.Picture;
import vivit.dataprep.text.Figures;

/** Draws clips as strips of frames in two columns, each with its classes, video and times. */
public final class ContactSheet {
  private static final int COLUMNS = 2;
  private static final int MARGIN = 24;
  private static final int GAP = 3;
  private static final int TEXT = 58;
  private static final int BETWEEN = 18;
  private static final int NARROWEST = 360;

  private final List<ClipPicture> clips;
  private final int tileWidth;
  private final List<Point> places = new ArrayList<>();
  private final int height;

  /** Lays out one or more clips. */
  public ContactSheet(List<ClipPicture> clips) {
    this.clips = clips;
    this.tileWidth =
        clips.stream().mapToInt(ContactSheet::width).reduce(NARROWEST, Math::max) + BETWEEN;
    int top = MARGIN;
    for (int i = 0; i < clips.size(); i += COLUMNS) {
      int tallest = 0;
      for (int column = 0; column < COLUMNS && i + column < clips.size(); column++) {
        places.add(new Point(MARGIN + column * tileWidth, top));
        tallest = Math.max(tallest, clips.get(i + column).frames().get(0).height());
      }
      top += tallest + TEXT + BETWEEN;
    }
    this.height = top + MARGIN - BETWEEN;
  }

  /** Top left corner of a frame in the image. */
  public Point place(int clip, int frame) {
    Point corner = new Point(places.get(clip));
    for (int i = 0; i < frame; i++) {
      corner.x += clips.get(clip).frames().get(i).width() + GAP;
    }
    return corner;
  }

  /** Draws the sheet. */
  public BufferedImage draw(Lettering lettering) {
    int columns = Math.min(COLUMNS, clips.size());
    BufferedImage image = Images.blank(height, 2 * MARGIN + columns * tileWidth - BETWEEN);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < clips.size(); i++) {
      ClipPicture clip = clips.get(i);
      int frameHeight = clip.frames().get(0).height();
      for (int frame = 0; frame < clip.frames().size(); frame++) {
        Point corner = place(i, frame);
        Picture picture = clip.frames().get(frame);
        Images.put(image, picture, corner.y, corner.x);
        lettering.write(
            graphics,
            Style.SMALL,
            Figures.decimals(clip.times().get(frame), 2) + " s",
            corner.x,
            corner.y + frameHeight + 12,
            picture.width());
      }
      Point corner = places.get(i);
      int text = tileWidth - BETWEEN;
      int below = corner.y + frameHeight;
      lettering.write(graphics, Style.STRONG, labels(clip), corner.x, below + 31, text);
      lettering.write(graphics, Style.PLAIN, origin(clip), corner.x, below + 49, text);
    }
    graphics.dispose();
    return image;
  }

  /** Class names as text: bars separate the classes of a head, middle dots the heads. */
  static String labels(ClipPicture clip) {
    return clip.labels().stream()
        .map(head -> head.isEmpty() ? "(none)" : String.join(" | ", head))
        .collect(Collectors.joining(" · "));
  }

  private static String origin(ClipPicture clip) {
    return "view " + clip.view() + " of " + clip.videoId();
  }

  private static int width(ClipPicture clip) {
    return clip.frames().stream().mapToInt(f -> f.width() + GAP).sum() - GAP;
  }
}
