import { notPlain } from '../plan/plain-plan.ts';
import { narrow, narrowByCode, setByCode, widen } from '../kernels/mask.ts';
import type { FilterPlan, SelectorPlan } from '../plan/plan-types.ts';
import type { Frame } from './frame.ts';
import type { ShardView } from './shard-view.ts';
import { verdictsByCode } from './verdicts.ts';

/** Events of the protocol itself; "any event" leaves them out (3.2). */
const protocolEvents: ReadonlySet<string> = new Set(['$identify', '$create_alias', '$merge']);

/** 1 where the row passes one of the matches and all of `filters`. */
export function selectorMask(
  selector: SelectorPlan,
  filters: readonly FilterPlan[],
  view: ShardView,
  frame: Frame,
): Uint8Array {
  const mask = new Uint8Array(view.rowCount);
  for (const [index, match] of selector.entries()) {
    const own = index === 0 ? mask : new Uint8Array(view.rowCount);
    setByCode(view.events, eventVerdicts(match.event, view.eventNames), own);
    narrowByFilters(match.filters, frame, own);
    if (own !== mask) widen(mask, own);
  }
  narrowByFilters(filters, frame, mask);
  return mask;
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
      return notPlain(filter.type);
    case 'property': {
      const column = frame.column(filter.property);
      const verdicts = verdictsByCode(filter, column?.values ?? []);
      if (column) narrowByCode(column.codes, verdicts, mask);
      else if (verdicts[0] === 0) mask.fill(0);
    }
  }
}

function eventVerdicts(event: string | null, names: readonly string[]): Uint8Array {
  return Uint8Array.from(names, (name) =>
    Number(event === null ? !protocolEvents.has(name) : name === event),
  );
}
