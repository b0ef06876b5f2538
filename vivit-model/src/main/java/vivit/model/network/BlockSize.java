package vivit.model.network;

/** Sizes of one pass through an encoder: {@code sequences} of {@code tokens}, learned ones too. */
record BlockSize(long sequences, long tokens, long width, long mlpWidth) {}
