import { passes } from '../exec/verdicts.ts';
import { notPlain } from '../plan/plain-plan.ts';
import type { FilterPlan, PropertyFilterPlan } from '../plan/plan-types.ts';
import type { ScanSource } from './scan-source.ts';
import { verdictOnMissing, verdictsOver } from './verdict-cache.ts';

/** Under this name an event and a person have the id of the user (ingestion-api.md 9.2). */
export const distinctIdProperty = '$distinct_id';
export const eventNameProperty = '$event_name';

/** Whether the user alone decides the filter, whatever the row. */
export function isOfUser(filter: FilterPlan): boolean {
  switch (filter.type) {
    case 'all':
    case 'any':
      return filter.filters.every(isOfUser);
    case 'cohort':
      return true;
    case 'items':
    case 'property': {
      const { scope, name } = filter.property;
      // The id of an event is that of its user: both scopes read the same.
      return scope === 'person' || name === distinctIdProperty;
    }
  }
}

const known = new WeakMap<ScanSource, Map<string, Uint8Array>>();

/**
 * 1 by ordinal where the user passes all the filters, which are of users; 0 … userCount. Ordinal 0 is
 * nobody, who has no property. Computed once a source, and shared: do not write into it.
 */
export function peopleMask(filters: readonly FilterPlan[], source: ScanSource): Uint8Array {
  const own = known.get(source) ?? new Map<string, Uint8Array>();
  known.set(source, own);
  const key = JSON.stringify(filters);
  const found = own.get(key);
  if (found) return found;
  const mask = new Uint8Array(source.userCount + 1).fill(1);
  for (const filter of filters) narrowBy(filter, source, mask);
  own.set(key, mask);
  return mask;
}

function narrowBy(filter: FilterPlan, source: ScanSource, mask: Uint8Array): void {
  switch (filter.type) {
    case 'all':
      for (const inner of filter.filters) narrowBy(inner, source, mask);
      return;
    case 'any': {
      const some = new Uint8Array(mask.length);
      for (const option of filter.filters) {
        const own = new Uint8Array(mask.length).fill(1);
        narrowBy(option, source, own);
        for (let user = 0; user < own.length; user++) some[user] |= own[user];
      }
      for (let user = 0; user < some.length; user++) mask[user] &= some[user];
      return;
    }
    case 'property':
      if (filter.property.name === distinctIdProperty) narrowById(filter, source, mask);
      else narrowByProperty(filter, source, mask);
      return;
    case 'items':
    case 'cohort':
      notPlain(filter.type);
  }
}

function narrowByProperty(filter: PropertyFilterPlan, source: ScanSource, mask: Uint8Array): void {
  const column = source.personColumn(filter.property.name);
  if (!column) {
    if (verdictOnMissing(filter) === 0) mask.fill(0);
    return;
  }
  const { byCode, constant } = verdictsOver(filter, column.dictionary);
  if (constant === 1) return;
  const { codes } = column;
  for (let user = 0; user < mask.length; user++) mask[user] &= byCode[codes[user]];
}

/** Ids are all different: each is looked at, except where another filter has ruled its user out. */
function narrowById(filter: PropertyFilterPlan, source: ScanSource, mask: Uint8Array): void {
  for (let user = 0; user < mask.length; user++) {
    if (mask[user] === 0) continue;
    const id = user === 0 ? '' : source.userId(user);
    mask[user] = passes(filter, id === '' ? null : id) ? 1 : 0;
  }
}
