package vivit.model.checkpoint;

/** Number formats of safetensors that are read and written here. */
public enum ElementType {
  F64(8),
  F32(4),
  I64(8),
  I32(4),
  U8(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
