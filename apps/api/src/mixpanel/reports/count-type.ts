import type { Measure } from '@arbor/schema/query';
import type { Parameters } from '../parameters.ts';
import type { SpanUnit } from './span.ts';

export const countTypes = ['general', 'unique', 'average'] as const;
export type CountType = (typeof countTypes)[number];

/** `type`: events, distinct users, or events per user of the bucket (`query-api.md` 4.1). */
export function readCountType(parameters: Parameters, unit: SpanUnit): CountType {
  const type = parameters.choice('type', countTypes) ?? 'general';
  if (type === 'unique' && (unit === 'hour' || unit === 'minute')) {
    parameters.refuse(
      'type',
      `there are no uniques by ${unit}: ask for a unit of day, week or month`,
    );
  }
  return type;
}

const measures = {
  general: { type: 'total' },
  unique: { type: 'unique' },
  average: { type: 'frequency', over: { type: 'average' } },
} as const satisfies Record<CountType, Measure>;

export const measureOf = (type: CountType): Measure => measures[type];
