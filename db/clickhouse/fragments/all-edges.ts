/** The finest grid of which bins are stored by their numbers, as the table's own expressions have it (0010_profile_sent_form.sql). */
export const numberedResolutionMax = 20;

/** The left edges of all bins of a profile in `bucket_profiles`. Those of bins that have no number, of which most profiles have none, lie in a column of their
 *  own, so that a scan, which reads numbers in place of edges, does not read the others. With the table's name, since it is selected as `bins`. */
export const allEdges = `if(bucket_profiles.resolution > ${numberedResolutionMax}, bucket_profiles.exact_edges, bucket_profiles.bins)`;
