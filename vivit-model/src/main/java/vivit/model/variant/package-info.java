/**
 * The models of the paper's section 3.3, one file each: which encoders a clip's tokens pass through
 * and which tokens see which. Depends on shapes only; the network, the parameter index and the
 * descriptions are all made from these plans.
 */
package vivit.model.variant;
