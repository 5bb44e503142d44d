import { keepFirst } from '../kernels/keep-first.ts';
import { narrow, narrowByCode, setByCode, widen } from '../kernels/mask.ts';
import type { FilterPlan, MatchPlan, SelectorPlan } from '../plan/plan-types.ts';
import type { Frame } from './frame.ts';
import type { ShardView } from './shard-view.ts';
import { verdictsByCode } from './verdicts.ts';

/** Events of the protocol itself; "any event" leaves them out (3.2). */
export const protocolEvents: ReadonlySet<string> = new Set([
  '$identify',
  '$create_alias',
  '$merge',
]);

/**
 * 1 where the row passes one of the matches and all of `filters`. First times are looked for among all rows of
 * the view, whatever the filters of the report let through (3.4).
 */
export function selectorMask(
  selector: SelectorPlan,
  filters: readonly FilterPlan[],
  view: ShardView,
  frame: Frame,
): Uint8Array {
  const mask = new Uint8Array(view.rowCount);
  for (const [index, match] of selector.entries()) {
    const own = index === 0 ? mask : new Uint8Array(view.rowCount);
    setByMatch(match, view, frame, own);
    if (own !== mask) widen(mask, own);
  }
  narrowByFilters(filters, frame, mask);
  return mask;
}

/** Writes 1 where the row passes the match, its first time included. */
function setByMatch(match: MatchPlan, view: ShardView, frame: Frame, mask: Uint8Array): void {
  if (match.definition === undefined) setByCode(view.events, eventVerdicts(match, view), mask);
  else mask.set(selectorMask(match.definition, [], view, frame));
  if (match.firstTime === 'event') keepFirst(view.users, view.times, mask);
  narrowByFilters(match.filters, frame, mask);
  if (match.firstTime === 'matching') keepFirst(view.users, view.times, mask);
}

/** Keeps of the mask what passes every filter. */
export function narrowByFilters(
  filters: readonly FilterPlan[],
  frame: Frame,
  mask: Uint8Array,
): void {
  for (const filter of filters) narrowByFilter(filter, frame, mask);
}

function narrowByFilter(filter: FilterPlan, frame: Frame, mask: Uint8Array): void {
  switch (filter.type) {
    case 'all':
      narrowByFilters(filter.filters, frame, mask);
      return;
    case 'any': {
      const some = new Uint8Array(mask.length);
      for (const option of filter.filters) {
        const own = new Uint8Array(mask.length).fill(1);
        narrowByFilter(option, frame, own);
        widen(some, own);
      }
      narrow(mask, some);
      return;
    }
    case 'cohort': {
      const some = new Uint8Array(mask.length);
      for (const cohort of filter.cohorts) widen(some, frame.member(cohort));
      if (filter.negated) for (let i = 0; i < some.length; i++) some[i] ^= 1;
      narrow(mask, some);
      return;
    }
    case 'items':
    case 'property': {
      const column = frame.column(filter.property);
      const verdicts = verdictsByCode(filter, column?.values ?? []);
      if (column) narrowByCode(column.codes, verdicts, mask);
      else if (verdicts[0] === 0) mask.fill(0);
    }
  }
}

/** By event code: whether the match speaks of it. */
export function eventVerdicts({ event, hidden = [] }: MatchPlan, view: ShardView): Uint8Array {
  const { eventNames, virtualFrom = eventNames.length } = view;
  const leftOut = new Set(hidden);
  return Uint8Array.from(eventNames, (name, code) => {
    if (event !== null) return Number(name === event);
    return Number(code < virtualFrom && !protocolEvents.has(name) && !leftOut.has(name));
  });
}
