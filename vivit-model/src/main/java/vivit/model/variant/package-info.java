/**
 * The models of the paper's section 3.3, one file each: the encoders that the tokens of a clip pass
 * through, and which tokens attend to which. The network, the parameter index and the descriptions
 * are built from these plans. Depends on shapes only.
 */
package vivit.model.variant;
