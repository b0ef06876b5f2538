package vivit.model.network;

/** Sizes of one pass through a block. */
record BlockSize(long sequences, long tokens, long width, int heads, long mlpWidth) {}
