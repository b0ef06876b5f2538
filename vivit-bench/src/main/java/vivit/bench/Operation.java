package vivit.bench;

/**
 * Something to be timed, again and again.
 *
 * @param name what it is
 * @param shape of what it works on, for people
 * @param count how often a step does it
 * @param multiplyAdds of its matrix products, once
 * @param work does it once
 */
record Operation(String name, String shape, long count, double multiplyAdds, Runnable work) {}
