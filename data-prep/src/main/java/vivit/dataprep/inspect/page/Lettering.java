package vivit.dataprep.inspect.page;

import java.awt.AWTError;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Optional;
import vivit.dataprep.text.Visible;

/**
 * Writes text into images. Java needs fontconfig and at least one font for that, which minimal
 * servers lack; there it writes nothing, and the page still contains every text.
 */
public final class Lettering {
  private static final Color TEXT = new Color(0x1f2328);
  private static final Color FAINT = new Color(0x656d76);

  private final Optional<Font> font;

  private Lettering(Optional<Font> font) {
    this.font = font;
  }

  /** Font and colour of a text. */
  enum Style {
    STRONG(Font.BOLD, 14f, TEXT),
    PLAIN(Font.PLAIN, 12f, FAINT),
    SMALL(Font.PLAIN, 10f, FAINT);

    private final int face;
    private final float size;
    private final Color colour;

    Style(int face, float size, Color colour) {
      this.face = face;
      this.size = size;
      this.colour = colour;
    }
  }

  /** Uses this machine's sans-serif font, if it has one. */
  public static Lettering ofThisMachine() {
    try {
      Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
      Graphics2D graphics = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
      graphics.drawString("A", 0, 8);
      int width = graphics.getFontMetrics(font).stringWidth("A");
      graphics.dispose();
      return new Lettering(width > 0 ? Optional.of(font) : Optional.empty());
    } catch (RuntimeException | LinkageError | InternalError | AWTError e) {
      return none();
    }
  }

  /** Writes nothing. */
  public static Lettering none() {
    return new Lettering(Optional.empty());
  }

  /** Whether this machine has a font. */
  public boolean isPresent() {
    return font.isPresent();
  }

  /** Writes a text, shortened to a width in pixels; {@code y} is the baseline. */
  void write(Graphics2D graphics, Style style, String text, int x, int y, int width) {
    if (font.isEmpty()) {
      return;
    }
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(font.get().deriveFont(style.face, style.size));
    graphics.setColor(style.colour);
    graphics.drawString(fitting(graphics.getFontMetrics(), Visible.text(text), width), x, y);
  }

  private static String fitting(FontMetrics metrics, String text, int width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int[] characters = text.codePoints().toArray();
    int kept = characters.length - 1;
    while (kept > 0) {
      String shorter = new String(characters, 0, kept) + "…";
      if (metrics.stringWidth(shorter) <= width) {
        return shorter;
      }
      kept--;
    }
    return "";
  }
}
