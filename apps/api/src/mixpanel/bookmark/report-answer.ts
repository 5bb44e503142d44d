import type { Range } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../reports/segment-keys.ts';
import type { TimeContext } from './bookmark-time.ts';
import { instantsOf, isoInZone } from './zoned-time.ts';

/** What all answers of `/insights` have beside their series (`query-api.md` 13.4). */
export function reportAnswer(
  range: Range,
  { project, nowMs }: TimeContext,
  report: { readonly headers: readonly string[]; readonly series: object },
): object {
  const { timezone } = project;
  const { from, to } = instantsOf(range, timezone);
  return {
    computed_at: isoInZone(nowMs, 'UTC'),
    date_range: { from_date: isoInZone(from, timezone), to_date: isoInZone(to, timezone) },
    ...report,
    meta: { is_cached: false, sampling_factor: 1 },
  };
}

/**
 * A tree by the parts of segments, one level a breakdown; `$overall` stands on the first. Without a breakdown it is what
 * is over all.
 */
export function bySegment<T extends object>(
  overall: T,
  rows: readonly { readonly segment: Segment; readonly value: T }[] | null,
): object {
  if (rows === null) return overall;
  const tree: Record<string, unknown> = { $overall: overall };
  for (const { segment, value } of rows) {
    const parts = segment.parts ?? [segment];
    let level = tree;
    for (const part of parts.slice(0, -1)) level = below(level, segmentKey(part));
    const last = parts.at(-1) ?? segment;
    const key = segmentKey(last);
    // The number 5 and the text "5" have one key and are two segments.
    level[Object.hasOwn(level, key) ? `${key} (${last.type})` : key] = value;
  }
  return tree;
}

function below(level: Record<string, unknown>, key: string): Record<string, unknown> {
  const known = Object.hasOwn(level, key) ? level[key] : undefined;
  const next = (known ?? {}) as Record<string, unknown>;
  level[key] = next;
  return next;
}
