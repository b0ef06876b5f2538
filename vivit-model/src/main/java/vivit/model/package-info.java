/**
 * What a ViViT is, as one record: clip, tubelet, widths, variant, read-out and heads. Arithmetic on
 * it (shapes, parameter names and counts) allocates nothing.
 */
package vivit.model;
