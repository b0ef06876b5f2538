package vivit.model.initialise;

import java.util.Arrays;
import java.util.Locale;
import vivit.model.Preset;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.parameter.Parameter;
import vivit.model.shape.Tubelet;

/**
 * Looks up tensors that must exist and match a parameter; if they do not, the exception says what
 * to do.
 */
record MatchingTensors(RestoredModel restored, ViViTConfig target) {

  /**
   * Finds a tensor by name.
   *
   * @param parameter made from it
   * @throws InitialisationException when the file has no such tensor
   */
  TensorEntry required(String parameter, String tensor) throws InitialisationException {
    TensorEntry entry = restored.tensors().get(tensor);
    if (entry == null) {
      throw new InitialisationException(
          parameter,
          restored.file(),
          "it has no tensor %s; the file is incomplete, or names it in another way"
              .formatted(tensor));
    }
    return entry;
  }

  /**
   * The origin of a parameter that is a copy of a tensor; refuses any other shape than the
   * parameter's.
   */
  Origin copied(Parameter parameter, TensorEntry entry) throws InitialisationException {
    if (!Arrays.equals(entry.shape(), parameter.shape())) {
      String expected = Arrays.toString(parameter.shape());
      throw parameter.name().startsWith("output_projection/")
          ? otherClasses(parameter, entry, expected)
          : otherSize(parameter, entry, expected);
    }
    return new Origin.Copied(entry);
  }

  /** Creates the exception for a backbone of another size. */
  InitialisationException otherSize(Parameter parameter, TensorEntry entry, String expected) {
    return mismatch(parameter, entry, expected, checkpoint());
  }

  /** Creates the exception for a classifier with other classes. */
  InitialisationException otherClasses(Parameter parameter, TensorEntry entry, String expected) {
    return mismatch(
        parameter, entry, expected, "its classes differ; set initialise.restore-head = false");
  }

  private InitialisationException mismatch(
      Parameter parameter, TensorEntry entry, String expected, String advice) {
    return new InitialisationException(
        parameter.name(),
        restored.file(),
        "%s is %s but this model needs %s; %s"
            .formatted(entry.name(), Arrays.toString(entry.shape()), expected, advice));
  }

  /** Names a checkpoint that fits: {@code use a B/16 checkpoint}. */
  private String checkpoint() {
    Tubelet tubelet = target.tubelet();
    for (Preset preset : Preset.values()) {
      if (preset.width() == target.width()
          && preset.attentionHeads() == target.attentionHeads()
          && preset.mlpWidth() == target.mlpWidth()
          && tubelet.height() == tubelet.width()) {
        String name = preset.name().charAt(0) + preset.name().substring(1).toLowerCase(Locale.ROOT);
        return "use a %s/%d checkpoint".formatted(name, tubelet.height());
      }
    }
    return "use a checkpoint of width %d, %d heads, MLP width %d and patches of %d x %d"
        .formatted(
            target.width(),
            target.attentionHeads(),
            target.mlpWidth(),
            tubelet.height(),
            tubelet.width());
  }
}
