package vivit.model.checkpoint;

/**
 * One parameter in PyTorch's form and in Scenic's.
 *
 * @param scenic Scenic's name
 * @param scenicShape Scenic's shape, row-major
 * @param hub name in published files, without the prefix {@code vivit.}
 * @param module name of the module in version 5 of the library, without the prefix
 * @param stored PyTorch's shape
 * @param toScenic order of PyTorch's axes that gives Scenic's numbers
 */
record HuggingFaceTensor(
    String scenic, long[] scenicShape, String hub, String module, long[] stored, int[] toScenic) {

  float[] toScenic(float[] values) {
    return Axes.permute(values, stored, toScenic);
  }

  float[] toStored(float[] values) {
    return Axes.permute(values, Axes.permuted(stored, toScenic), Axes.inverse(toScenic));
  }

  /** Classifiers stand beside the backbone, everything else in it. */
  boolean isInBackbone() {
    return !hub.startsWith("classifier.");
  }

  /** The name in a file of the whole classifier. */
  String hubInClassifier() {
    return (isInBackbone() ? HuggingFaceNames.PREFIX : "") + hub;
  }
}
