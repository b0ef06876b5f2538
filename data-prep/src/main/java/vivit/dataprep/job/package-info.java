/** What every Spark command shares: failures of workers, and objects packed for their journey. */
package vivit.dataprep.job;
