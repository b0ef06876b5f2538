package vivit.model;

/** What a head's logits mean. */
public enum Loss {
  /** One class per clip: softmax cross-entropy. */
  SOFTMAX,
  /** Any number of classes per clip: sigmoid cross-entropy, summed over the classes. */
  SIGMOID
}
