package vivit.model.initialise;

import vivit.model.Preset;
import vivit.model.ViViTConfig;
import vivit.model.shape.Tubelet;

/** What to do about a checkpoint of another size. */
final class Advice {

  private Advice() {}

  /** Which checkpoint would fit: {@code use a B/16 checkpoint}. */
  static String checkpoint(ViViTConfig config) {
    Tubelet tubelet = config.tubelet();
    for (Preset preset : Preset.values()) {
      if (preset.width() == config.width()
          && preset.attentionHeads() == config.attentionHeads()
          && preset.mlpWidth() == config.mlpWidth()
          && tubelet.height() == tubelet.width()) {
        String name =
            preset.name().charAt(0) + preset.name().substring(1).toLowerCase(java.util.Locale.ROOT);
        return "use a %s/%d checkpoint".formatted(name, tubelet.height());
      }
    }
    return "use a checkpoint of width %d, %d heads, MLP width %d and patches of %d x %d"
        .formatted(
            config.width(),
            config.attentionHeads(),
            config.mlpWidth(),
            tubelet.height(),
            tubelet.width());
  }
}
