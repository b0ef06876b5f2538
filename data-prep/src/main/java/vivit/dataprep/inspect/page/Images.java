package vivit.dataprep.inspect.page;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import vivit.dataprep.inspect.statistics.Picture;

/** Draws images in memory and encodes them. */
public final class Images {
  private static final float JPEG_QUALITY = 0.82f;
  private static final int FILM_GAP = 2;

  private Images() {}

  /** Creates a white image. */
  static BufferedImage blank(int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  /** Copies a picture into an image. */
  static void put(BufferedImage image, Picture picture, int top, int left) {
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        image.setRGB(left + x, top + y, picture.rgb(y, x));
      }
    }
  }

  /** Joins frames side by side, with black gaps. */
  static BufferedImage film(List<Picture> frames) {
    int width = frames.stream().mapToInt(f -> f.width() + FILM_GAP).sum() - FILM_GAP;
    BufferedImage film =
        new BufferedImage(width, frames.get(0).height(), BufferedImage.TYPE_INT_RGB);
    int left = 0;
    for (Picture frame : frames) {
      put(film, frame, 0, left);
      left += frame.width() + FILM_GAP;
    }
    return film;
  }

  /** Encodes an image as PNG. */
  public static byte[] png(BufferedImage image) {
    return encode(image, "png");
  }

  static byte[] jpeg(BufferedImage image) {
    return encode(image, "jpeg");
  }

  /** Encodes a file as a data URI. */
  static String dataUri(String format, byte[] bytes) {
    return "data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] encode(BufferedImage image, String format) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
