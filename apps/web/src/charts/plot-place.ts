/** Where buckets stand between the left and the right edge of a chart, in pixels from these. */
export type PlotPlace = {
  readonly left: number;
  readonly right: number;
  /** Each bucket has a band of its own; else the first and the last stand at the edges. */
  readonly banded: boolean;
};

/** The bucket at a place of a chart that is so wide; the nearest one beyond its edges. */
export function bucketAt(
  px: number,
  {
    width,
    bucketCount,
    left,
    right,
    banded,
  }: PlotPlace & {
    readonly width: number;
    readonly bucketCount: number;
  },
): number {
  const share = (px - left) / Math.max(1, width - left - right);
  const bucket = banded ? Math.floor(share * bucketCount) : Math.round(share * (bucketCount - 1));
  return Math.min(bucketCount - 1, Math.max(0, bucket));
}
