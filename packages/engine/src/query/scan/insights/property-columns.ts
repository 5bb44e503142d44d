import { distinctIdProperty, eventNameProperty } from '../people-mask.ts';
import type { EventRows, ScanColumn, ScanDictionary, ScanSource } from '../scan-source.ts';
import type { PropertyPlan } from '../../plan/plan-types.ts';

/** A property as the rows of one event have it. */
export type RowProperty =
  /** Codes by row. */
  | { readonly by: 'row'; readonly column: ScanColumn }
  /** Codes by ordinal. */
  | { readonly by: 'user'; readonly column: ScanColumn }
  /** The same text in every row; null = no row has the property. */
  | { readonly by: 'event'; readonly value: string | null };

/** Finds properties the way `exec/frame.ts` does, the names of the envelope included. */
export function propertyOf(
  { scope, name }: PropertyPlan,
  rows: EventRows,
  source: ScanSource,
): RowProperty {
  // An event has the id of its user: both scopes read the same.
  if (scope === 'event' && name !== distinctIdProperty) {
    if (name === eventNameProperty) return { by: 'event', value: source.eventNames[rows.event] };
    const column = rows.column(name);
    return column ? { by: 'row', column } : { by: 'event', value: null };
  }
  return propertyOfUsers({ scope, name }, source);
}

/** The same of a property of persons, or of the id: rows have no part in it. */
export function propertyOfUsers({ name }: PropertyPlan, source: ScanSource): RowProperty {
  if (name === distinctIdProperty) return { by: 'user', column: distinctIds(source) };
  const column = source.personColumn(name);
  return column ? { by: 'user', column } : { by: 'event', value: null };
}

/** Whether `propertyOf` may answer by user. */
export function isOfUsers({ scope, name }: PropertyPlan): boolean {
  return scope === 'person' || name === distinctIdProperty;
}

const idColumns = new WeakMap<ScanSource, ScanColumn>();

/** Every user's id is a value of its own, numbered as the users are. */
function distinctIds(source: ScanSource): ScanColumn {
  const known = idColumns.get(source) ?? makeDistinctIds(source);
  idColumns.set(source, known);
  return known;
}

function makeDistinctIds(source: ScanSource): ScanColumn {
  const codes = new Uint32Array(source.userCount + 1);
  for (let user = 0; user < codes.length; user++) codes[user] = user;
  return { codes, dictionary: new IdDictionary(source) };
}

class IdDictionary implements ScanDictionary {
  readonly #source: ScanSource;
  #values: readonly (string | null)[] | null = null;

  constructor(source: ScanSource) {
    this.#source = source;
  }

  get values(): readonly (string | null)[] {
    return (this.#values ??= Array.from({ length: this.#source.userCount + 1 }, (_, user) =>
      user === 0 ? null : this.#source.userId(user),
    ));
  }

  /** Ids are texts. */
  get numbers(): Float64Array {
    return new Float64Array(this.#source.userCount + 1).fill(NaN);
  }
}
