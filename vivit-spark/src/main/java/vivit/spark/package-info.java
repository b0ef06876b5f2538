/** The commands of training and of models; each reads its configuration and calls one package. */
package vivit.spark;
