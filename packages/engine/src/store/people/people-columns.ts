import type { PropertyValue } from '@arbor/schema/property-value';
import { sharedUint32 } from '../../base/shared-array.ts';
import type { PropertyColumn } from '../../query/exec/shard-view.ts';
import { PropertyDictionary } from '../property-dictionary.ts';
import type { PeopleBase } from './people-base.ts';
import type { StateLog } from './state-log.ts';

/** What people looked like at one moment: the catalog's profiles, then the first `length` states of the log. */
export interface PeopleMoment {
  readonly log: StateLog;
  readonly length: number;
  readonly userCount: number;
}

interface Made {
  readonly moment: PeopleMoment;
  readonly column: PropertyColumn | undefined;
}

/**
 * Properties of people by ordinal, in shared memory. The column that was made last is kept by name; the next
 * one is a copy of it with the states that came since, so that a query after every update stays cheap.
 */
export class PeopleColumns {
  readonly #base: PeopleBase;
  readonly #dictionaries = new Map<string, PropertyDictionary>();
  readonly #values = new Map<string, readonly PropertyValue[]>();
  readonly #last = new Map<string, Made>();

  constructor(base: PeopleBase) {
    this.#base = base;
  }

  /** Undefined = no person has it. */
  column(name: string, moment: PeopleMoment): PropertyColumn | undefined {
    const last = this.#last.get(name);
    if (last && isSame(last.moment, moment)) return last.column;
    const column = this.#newColumn(name, moment, last);
    this.#last.set(name, { moment, column });
    return column;
  }

  #newColumn(
    name: string,
    moment: PeopleMoment,
    last: Made | undefined,
  ): PropertyColumn | undefined {
    const base = this.#base.column(name);
    const dictionary = base?.dictionary ?? this.#ownDictionary(name);
    const codes = sharedUint32(moment.userCount + 1);
    // An older moment may be asked for after a newer one, also when users without a profile came in between.
    const continues =
      last?.column !== undefined &&
      last.moment.log === moment.log &&
      last.moment.length <= moment.length &&
      last.moment.userCount <= moment.userCount;
    if (continues) codes.set(last.column.codes);
    else if (base) codes.set(base.codes);
    const { users, profiles } = moment.log;
    for (let i = continues ? last.moment.length : 0; i < moment.length; i++) {
      const value = profiles[i]?.get(name);
      codes[users.array[i]] = value === undefined ? 0 : dictionary.codeOf(value);
    }
    if (!hasAny(codes)) return undefined;
    return { codes, values: this.#valuesOf(name, dictionary) };
  }

  #ownDictionary(name: string): PropertyDictionary {
    const dictionary = this.#dictionaries.get(name) ?? new PropertyDictionary();
    this.#dictionaries.set(name, dictionary);
    return dictionary;
  }

  /** A copy that does not grow, made anew only when there are more. */
  #valuesOf(name: string, dictionary: PropertyDictionary): readonly PropertyValue[] {
    let values = this.#values.get(name);
    if (values?.length !== dictionary.values.length) {
      values = dictionary.values.slice();
      this.#values.set(name, values);
    }
    return values;
  }
}

function isSame(moment: PeopleMoment, other: PeopleMoment): boolean {
  return (
    moment.log === other.log &&
    moment.length === other.length &&
    moment.userCount === other.userCount
  );
}

function hasAny(codes: Uint32Array): boolean {
  for (let i = 0; i < codes.length; i++) if (codes[i] !== 0) return true;
  return false;
}
