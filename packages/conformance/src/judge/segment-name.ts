import type { Segment, SegmentPart } from '@arbor/schema/result';

const specialNames: Partial<Record<SegmentPart['type'], string>> = {
  not_set: '(not set)',
  other: '(other)',
  empty_string: '',
};

const partName = ({ type, text }: SegmentPart): string => specialNames[type] ?? text;

/** A segment as cases name it: the values of several breakdowns joined. */
export function segmentName(segment: Segment): string {
  return (segment.parts ?? [segment]).map(partName).join('||');
}
