import { erasedText, identityNames, type NamesThem } from './names-them.ts';

/**
 * A definition, a query or anything else that people wrote without the identifiers: in lists of users and in filters and
 * expressions on a property that holds identifiers, any of them; elsewhere those that can be nothing else, for the 7 of a
 * filter on a number of rooms is no user. What is left fits the schema that it fitted. The same object where nothing had to go.
 */
export function withoutThem(value: unknown, names: NamesThem): unknown {
  return without(value, { names, where: '', isIdentity: false });
}

interface Place {
  readonly names: NamesThem;
  /** Name of the member that holds the value, or the list of it. */
  readonly where: string;
  /** The filter that the value belongs to is about identifiers. */
  readonly isIdentity: boolean;
}

function without(value: unknown, place: Place): unknown {
  const { names } = place;
  if (typeof value === 'string') return textWithout(value, place);
  if (typeof value === 'number') {
    return standsForOne(place) && names.is(value) ? erasedText : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((each: unknown) => without(each, place));
    return items.some((each, i) => each !== value[i]) ? items : value;
  }
  const isIdentity = isAboutIdentity(value);
  const entries = Object.entries(value);
  const left = entries.map(([name, inner]) => [
    name,
    without(inner, { names, where: name, isIdentity }),
  ]);
  return left.some(([, inner], i) => inner !== entries[i]?.[1]) ? Object.fromEntries(left) : value;
}

function textWithout(text: string, place: Place): string {
  const { names, where } = place;
  if (standsForOne(place) && names.is(text)) return erasedText;
  if (where === 'event' && wordsAlone.test(text)) return text;
  return where === 'expression' ? names.withoutQuoted(text) : names.withoutWords(text);
}

/**
 * Where an event is named, words alone name it, whoever is called the same: a report on "Page viewed" is not about the
 * user whom somebody called so.
 */
const wordsAlone = /^[\p{L}\p{M}\s]+$/u;

const standsForOne = ({ where, isIdentity }: Place): boolean =>
  identityNames.has(where) || (where === 'values' && isIdentity);

/** A filter on a property that holds identifiers. */
function isAboutIdentity(value: object): boolean {
  const { property } = value as { readonly property?: { readonly name?: unknown } | null };
  return typeof property?.name === 'string' && identityNames.has(property.name);
}
