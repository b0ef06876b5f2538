/**
 * The configuration of a ViViT: clip, tubelet, widths, variant, read-out and heads, as records that
 * hold no parameters. Depends on shapes and variants only.
 */
package vivit.model;
