/**
 * A benchmark of one training step against PyTorch's official native library, run by {@code mvnw
 * -Pbench -pl tests -am test}; not part of the ordinary build. May depend on the model and on DJL,
 * which loads that library.
 */
package vivit.tests.bench;
