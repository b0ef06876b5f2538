package vivit.spark.probe;

/** What a probe reads, and what it is (docs/vivit.md, 7.4). */
public enum ProbeKind {
  /** One dense layer on the pooled representation, standardised. */
  LINEAR,
  /** Cross-attention of a learned query over the last tokens, an MLP block and a dense layer. */
  ATTENTIVE
}
