import type { Options, WireRecord } from './options.ts';

/**
 * The option `sample` as a filter before the page's own: which visitors' events are captured is decided by the
 * device's id, so that it is the same ones in each session (`browser-sdk.md` SDK-A4).
 */
export const sampled =
  ({ sample, beforeSend }: Options) =>
  (record: WireRecord): WireRecord | null => {
    const rate = sample?.[record['event'] as string];
    const properties = Object(record['properties']) as Record<string, unknown>;
    let kept = record;
    if (typeof rate === 'number') {
      // Nobody is known without a device: then each event is decided by itself.
      const id = properties['$device_id'] ?? properties['$insert_id'];
      if (shareOf(`${id as string}`) >= rate) return null;
      kept = { ...record, properties: { ...properties, $sample_rate: rate } };
    }
    return beforeSend ? beforeSend(kept) : kept;
  };

/** In [0, 1), spread evenly also over ids that differ little: the last steps of MurmurHash3. */
function shareOf(id: string): number {
  let h = 0;
  for (const character of id) h = Math.imul(h ^ character.charCodeAt(0), 0x5bd1e995);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
