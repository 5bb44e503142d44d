/** The edges of buckets that follow each other without a gap. */
export function bucketEdges(
  buckets: readonly { readonly startMs: number; readonly endMs: number }[],
): Float64Array {
  const edges = new Float64Array(buckets.length + 1);
  edges[0] = buckets[0].startMs;
  for (let i = 0; i < buckets.length; i++) edges[i + 1] = buckets[i].endMs;
  return edges;
}
