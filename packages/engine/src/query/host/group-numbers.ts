import type { PropertyValue } from '@arbor/schema/property-value';
import { hashText, mixHash } from '../../base/hash.ts';
import { isList, textOf } from '../exec/computed-values.ts';
import type { ScanColumn, ScanDictionary } from '../scan/scan-source.ts';

/** Ranges of a scan of groups are cut out of so many parts, each with the groups of some hashes. */
export const groupParts = 256;

/** Which part a group belongs to, 1 … `groupParts`: the same in all threads. */
function partOf(group: string): number {
  return 1 + (mixHash(hashText(group)) % groupParts);
}

/** The groups that a value names: a text, a number or a truth as its text, of a list each item once. */
function groupsOf(value: PropertyValue): readonly string[] {
  const items = isList(value) ? value : [value];
  const texts = items.flatMap((item) => textOf(item) ?? []).filter((text) => text !== '');
  return [...new Set(texts)];
}

/** The groups that the values of each dictionary name; made once a scan. */
export class GroupNames {
  readonly #known = new Map<ScanDictionary, readonly (readonly string[])[]>();

  /** By code; of 0 none. */
  of(dictionary: ScanDictionary): readonly (readonly string[])[] {
    const known = this.#known.get(dictionary) ?? dictionary.values.map(groupsOf);
    this.#known.set(dictionary, known);
    return known;
  }
}

/** The groups of some parts, numbered from 1 in the order in which they are met. */
export class GroupNumbers {
  /** By number; 0 is no group. */
  readonly ids: string[] = [''];
  readonly #names: GroupNames;
  readonly #first: number;
  readonly #end: number;
  readonly #numbers = new Map<string, number>();
  readonly #byCode = new Map<ScanDictionary, readonly (readonly number[])[]>();

  /** Of parts first … end − 1. */
  constructor(names: GroupNames, first: number, end: number) {
    this.#names = names;
    this.#first = first;
    this.#end = end;
  }

  /** By code of the column: the numbers of its groups that are of these parts. */
  byCode({ dictionary }: ScanColumn): readonly (readonly number[])[] {
    const known = this.#byCode.get(dictionary) ?? this.#newCodes(dictionary);
    this.#byCode.set(dictionary, known);
    return known;
  }

  /** Whether the value of a code names a group, of these parts or of others. */
  namesAny({ dictionary }: ScanColumn, code: number): boolean {
    return code > 0 && this.#names.of(dictionary)[code].length > 0;
  }

  #newCodes(dictionary: ScanDictionary): readonly (readonly number[])[] {
    return this.#names.of(dictionary).map((groups, code) => {
      const own = code === 0 ? [] : groups.filter((group) => this.#isOwn(group));
      return own.length === 0 ? none : own.map((group) => this.#numberOf(group));
    });
  }

  #isOwn(group: string): boolean {
    const part = partOf(group);
    return part >= this.#first && part < this.#end;
  }

  #numberOf(group: string): number {
    let number = this.#numbers.get(group);
    if (number === undefined) {
      number = this.ids.push(group) - 1;
      this.#numbers.set(group, number);
    }
    return number;
  }
}

const none: readonly number[] = [];
