/**
 * The flat parameter vector: names, shapes, offsets and initial values of the tensors in it. This
 * vector is what is averaged, saved and imported.
 */
package vivit.model.parameter;
