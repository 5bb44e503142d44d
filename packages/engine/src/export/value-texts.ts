import type { PropertyValue } from '@arbor/schema/property-value';

/** More texts of one property are not kept: ids of things, each of which occurs once. */
const keptMax = 50_000;

/** What a member of an object looks like in a line: `,"name":value`, made once a distinct value of a part. */
export class ValueTexts {
  readonly #byName = new Map<string, MemberTexts>();

  of(name: string): MemberTexts {
    let texts = this.#byName.get(name);
    if (texts === undefined) this.#byName.set(name, (texts = new MemberTexts(name)));
    return texts;
  }
}

export class MemberTexts {
  readonly #head: string;
  readonly #texts: string[] = [];

  constructor(name: string) {
    this.#head = `,${JSON.stringify(name)}:`;
  }

  text(code: number, values: () => readonly PropertyValue[]): string {
    if (code >= keptMax) return this.#head + JSON.stringify(values()[code]);
    return (this.#texts[code] ??= this.#head + JSON.stringify(values()[code]));
  }
}
