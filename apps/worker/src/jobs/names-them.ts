/** Whether something names one of a few identifiers, as far as that can be told. */
export interface NamesThem {
  /** It is one of them: a text, or a number that is written like one. */
  is(value: unknown): boolean;
  /** A message, or a record that nobody could read: one of them stands there for itself. Rather too often than too seldom. */
  text(text: string): boolean;
  /**
   * Anything of JSON: one of them stands where identifiers do, or, at any depth, one that can be nothing else. Who is
   * called "5" is not meant by every 5.
   */
  value(value: unknown): boolean;
  /** A text for people without those of them that can be nothing else. */
  withoutWords(text: string): string;
  /** An expression without the texts in quotation marks that are one of them. */
  withoutQuoted(text: string): string;
}

/** What stands in the place of an identifier that is erased: what held it stays valid, and finds nobody. */
export const erasedText = '(erased)';

/** Under these names records, rows, messages and filters hold identifiers. */
export const identityNames: ReadonlySet<string> = new Set(
  `distinctId distinctIds distinct_id distinct_ids $distinct_id $distinct_ids $distinct_id_before_identity
   $anon_id $anon_distinct_id $identified_id device_id $device_id user_id $user_id userId user users ids
   identifier identifiers alias joined with winner loser`.split(/\s+/),
);

const devicePrefix = '$device:';
const tellingLengthMin = 6;
const quoted = /"((?:[^"\\]|\\.)*)"/g;
const number = /(?<![\w.-])-?\d[\d.]*(?![\w.-])/g;
/** Words as they stand in sentences, and in addresses and Markdown. */
const words = [/[^\s"'`<>()[\]{},;|]+/g, /[^\s"'`<>()[\]{},;|/?&=#*\\]+/g] as const;
const punctuation = /^[.:!?_]+|[.:!?_]+$/g;

export function createNamesThem(identifiers: readonly string[]): NamesThem {
  const wanted = new Set(identifiers);
  for (const one of identifiers) {
    const device = one.startsWith(devicePrefix) ? one.slice(devicePrefix.length) : '';
    if (isTelling(device)) wanted.add(device);
  }
  const telling = new Set([...wanted].filter(isTelling));
  const is = (value: unknown): boolean =>
    typeof value === 'string'
      ? wanted.has(value)
      : typeof value === 'number' && wanted.has(String(value));

  const quotedIs = (inside: string): boolean => wanted.has(inside) || wanted.has(unescaped(inside));
  const wordOf = (word: string): string | undefined =>
    [word, word.replace(punctuation, '')].find((each) => telling.has(each));
  const hasWord = (text: string): boolean =>
    telling.has(text) ||
    words.some((pattern) => text.match(pattern)?.some((word) => wordOf(word) !== undefined));

  const value = (given: unknown, where: string): boolean => {
    if (typeof given !== 'object' || given === null) {
      return identityNames.has(where) ? is(given) : typeof given === 'string' && hasWord(given);
    }
    if (Array.isArray(given)) return given.some((each) => value(each, where));
    return Object.entries(given).some(([name, inner]) => hasWord(name) || value(inner, name));
  };

  return {
    is,
    text: (text) =>
      wanted.has(text) ||
      hasWord(text) ||
      [...text.matchAll(quoted)].some(([, inside = '']) => quotedIs(inside)) ||
      (text.match(number)?.some((each) => wanted.has(each)) ?? false),
    value: (given) => value(given, ''),
    withoutWords: (text) =>
      telling.has(text)
        ? erasedText
        : words.reduce(
            (rest, pattern) =>
              rest.replace(pattern, (word) => {
                const found = wordOf(word);
                return found === undefined ? word : word.replace(found, () => erasedText);
              }),
            text,
          ),
    withoutQuoted: (text) =>
      text.replace(quoted, (whole, inside: string) =>
        quotedIs(inside) ? `"${erasedText}"` : whole,
      ),
  };
}

/** An address of mail, a UUID, a number with letters: not a word of a language, and no number of anything. */
function isTelling(identifier: string): boolean {
  return (
    identifier.length >= tellingLengthMin && /\p{L}/u.test(identifier) && /\P{L}/u.test(identifier)
  );
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // Quotation marks of something that is no JSON.
    return text;
  }
}
