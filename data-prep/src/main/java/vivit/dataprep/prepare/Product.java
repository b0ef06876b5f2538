package vivit.dataprep.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Name and version of this program, as written into what it produces. */
final class Product {
  private Product() {}

  /** Such as {@code ViViT on Spark 1.2.3}. */
  static String nameAndVersion() {
    Properties properties = new Properties();
    try (InputStream in = Product.class.getResourceAsStream("product.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "ViViT on Spark " + properties.getProperty("version");
  }
}
