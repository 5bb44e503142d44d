import type { QueryInput } from '@arbor/schema/query';
import type { CaseQuery } from '../cases/case-types.ts';
import type { Rules } from '../judge/rules.ts';
import { toBreakdown } from './breakdown.ts';
import { toFilters, toSelector } from './selectors.ts';
import { endOfPeriod } from './whole-periods.ts';

const firstTimes = { recurring: undefined, first_time: 'matching', first_ever: 'event' } as const;

export function toRetention(query: CaseQuery, rules: Rules): QueryInput {
  const { birth = {}, return: back = {}, period = 'day', criteria = 'on', buckets, mode } = query;
  const { filters, ...segments } = toBreakdown(query.breakdown, rules);
  return {
    type: 'retention',
    range: { from: query.from, to: endOfPeriod(query.to, period, rules.weekStart) },
    filters: [...toFilters(query.filters), ...filters],
    ...segments,
    segmentBy: rules.returnValue === 'same' && isOfEvents(query) ? 'both' : 'birth',
    birth: toSelector(birth, { firstTime: firstTimes[mode ?? 'recurring'] }),
    return: toSelector(back),
    unit: period,
    criterion: criteria,
    mode: buckets ?? 'calendar',
    births: buckets === 'rolling' && rules.rollingBirths === 'first' ? 'first' : 'every_bucket',
    ...toIntervals(query),
  };
}

/** Brackets of a case come after period 0, which is a column of its own; ours begin with it (6.1). */
function toIntervals({ brackets, intervals = 1 }: CaseQuery) {
  return brackets === undefined ? { intervals } : { brackets: [1, ...brackets] };
}

/** A property of a person is the same on every event. */
function isOfEvents({ breakdown }: CaseQuery): boolean {
  return breakdown !== undefined && breakdown.scope !== 'person';
}
