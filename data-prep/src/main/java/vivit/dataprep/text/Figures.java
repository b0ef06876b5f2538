package vivit.dataprep.text;

import java.util.Locale;

/** Formats numbers for people, the same in every locale. */
public final class Figures {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Figures() {}

  /** A count with commas: 250,000. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Bytes in a suitable unit: 12.3 MiB. */
  public static String bytes(long value) {
    return bytes((double) value);
  }

  /** A mean number of bytes, in a suitable unit. */
  public static String bytes(double value) {
    int unit = 0;
    double rest = value;
    while (rest >= 1024 && unit < UNITS.length - 1) {
      rest /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, unit == 0 || rest >= 100 ? "%.0f %s" : "%.1f %s", rest, UNITS[unit]);
  }

  /** A share from 0 to 1 in per cent: 12.3 %. */
  public static String share(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }

  /** Three or four digits: 1234, 12.3, 0.0123; a dash for NaN. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e15) {
      return count((long) value);
    }
    String format = size >= 1000 ? "%,.0f" : size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A number with its unit; bytes in a suitable unit. */
  public static String value(double value, String unit) {
    if (unit.equals("B") && !Double.isNaN(value)) {
      return bytes(value);
    }
    return unit.isEmpty() || Double.isNaN(value) ? number(value) : number(value) + " " + unit;
  }

  /** A duration: {@code 42 s}, {@code 3 min 05 s}, {@code 2 h 07 min} or {@code 3 d 04 h}. */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    if (whole < 86_400) {
      return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
    return String.format(Locale.ROOT, "%d d %02d h", whole / 86_400, whole % 86_400 / 3600);
  }

  /** A number with {@code decimals} decimals and a point. */
  public static String decimals(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A count with its noun: "1 clip", "2 clips", "3 classes". */
  public static String of(long count, String what) {
    String many = what.endsWith("s") ? "es" : "s";
    return count(count) + " " + what + (count == 1 ? "" : many);
  }
}
