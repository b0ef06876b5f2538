package vivit.model.initialise;

import java.util.Arrays;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.parameter.Parameter;

/** Tensors that must be there and have the parameter's shape. */
final class Copies {

  private Copies() {}

  /** The tensor that a parameter is made from; refuses a file without it. */
  static TensorEntry required(RestoredModel restored, String parameter, String tensor)
      throws InitialisationException {
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

  /** A tensor taken as it is; refuses another shape. */
  static Origin same(
      RestoredModel restored, ViViTConfig target, Parameter parameter, TensorEntry entry)
      throws InitialisationException {
    if (!Arrays.equals(entry.shape(), parameter.shape())) {
      String advice =
          parameter.name().startsWith("output_projection/")
              ? "its classes are others; set initialise.restore-head = false"
              : Advice.checkpoint(target);
      throw mismatch(restored, parameter, entry, Arrays.toString(parameter.shape()), advice);
    }
    return new Origin.Copied(entry);
  }

  static InitialisationException mismatch(
      RestoredModel restored,
      Parameter parameter,
      TensorEntry entry,
      String expected,
      String advice) {
    return new InitialisationException(
        parameter.name(),
        restored.file(),
        "%s is %s but this model needs %s; %s"
            .formatted(entry.name(), Arrays.toString(entry.shape()), expected, advice));
  }
}
