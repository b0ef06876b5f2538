/**
 * The flat parameter vector: names, shapes, offsets and initial values of the tensors in it.
 * Training averages, saves and imports this vector. Depends on the configuration, the shapes and
 * the variants.
 */
package vivit.model.parameter;
