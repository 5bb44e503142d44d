import type { Segment, SegmentPart } from '@arbor/schema/result';

/**
 * Tells segments apart, in lists and in the URL: "1" and 1 are two segments, and so are combinations that read alike
 * but are made of other parts (`reports.md` 3.7).
 */
export function segmentKey({ type, text, parts }: Segment): string {
  const own = `${type}:${text}`;
  if (parts === undefined) return own;
  return `${own} ${JSON.stringify(parts.map((part) => [part.type, part.text]))}`;
}

/** What the interface calls a segment: a missing value and an empty text are different things (UX-F2). */
export function segmentName(segment: Segment): string {
  return segmentParts(segment).join(', ');
}

/** The same of each breakdown by itself. */
export function segmentParts({ type, text, parts }: Segment): readonly string[] {
  return (parts ?? [{ type, text }]).map(partName);
}

function partName({ type, text }: SegmentPart): string {
  if (type === 'not_set') return '(not set)';
  // Both sides of a cohort have its name.
  if (type === 'not_in') return `Not: ${text}`;
  return type === 'empty_string' ? '(empty string)' : text;
}
