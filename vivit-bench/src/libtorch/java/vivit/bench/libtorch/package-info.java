/**
 * One training step against PyTorch's native library, step by step in turns in one JVM, after a
 * check that both compute the same.
 */
package vivit.bench.libtorch;
