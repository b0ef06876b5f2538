package vivit.model.parameter;

/** How a parameter's numbers lie in the flat vector. */
public enum Order {
  /** Last axis fastest, as in every checkpoint format. */
  ROW_MAJOR,
  /**
   * The parameter is a matrix of {@code rows} inputs by outputs and the input index is fastest.
   * Kernels that follow one another are then also one wider matrix (query, key, value).
   */
  COLUMN_MAJOR
}
