package vivit.bench;

/**
 * From which averaging frequency on rounds pay.
 *
 * <p>A round of H steps of s seconds has an overhead of o seconds: it lasts H s + o. N workers
 * train N H steps in it, for which one worker alone, at the same speed, needs N H s.
 *
 * @param workers N, at least 2
 * @param step s
 * @param overhead o
 */
record BreakEven(int workers, double step, double overhead) {

  /** Steps a round at which N workers are as fast as one: o / ((N - 1) s); faster from there on. */
  double speed() {
    return overhead / ((workers - 1) * step);
  }

  /** Steps a round at which the overhead is this share of a round: o (1 - share) / (share s). */
  double share(double share) {
    return overhead * (1 - share) / (share * step);
  }
}
