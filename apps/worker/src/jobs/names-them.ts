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
  /**
   * An expression without the texts in quotation marks that are one of them: any of them where the expression looks at a
   * property that holds identifiers, elsewhere those that can be nothing else.
   */
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
/** So many digits alone, or letters alone, are no amount and no word. */
const tellingDigitsMin = 8;
const tellingLettersMin = 16;
const quoted = /"((?:[^"\\]|\\.)*)"/g;
const number = /(?<![\w.-])-?\d[\d.]*(?![\w.-])/g;
/** Words as they stand in sentences, and in addresses and Markdown. */
const words = [/[^\s"'`<>()[\]{},;|]+/g, /[^\s"'`<>()[\]{},;|/?&=#*\\]+/g] as const;
/** What may be the name of a property in an expression. */
const propertyName = /[\w$]+/g;
const punctuation = /^[.:!?_]+|[.:!?_]+$/g;
/** In one pattern; a request names thousands of identifiers. */
const patternParts = 500;

export function createNamesThem(identifiers: readonly string[]): NamesThem {
  const wanted = new Set(identifiers);
  for (const one of identifiers) {
    const device = one.startsWith(devicePrefix) ? one.slice(devicePrefix.length) : '';
    if (isTelling(device)) wanted.add(device);
  }
  const plain = [...wanted].filter(isTelling);
  const telling = new Set([...plain, ...plain.map(inAddress)]);
  const phrases = phrasePatterns([...telling].filter((one) => !isWord(one)));
  const is = (value: unknown): boolean =>
    typeof value === 'string'
      ? wanted.has(value)
      : typeof value === 'number' && wanted.has(String(value));

  const wordOf = (word: string): string | undefined =>
    [word, word.replace(punctuation, '')].find((each) => telling.has(each));
  const hasWord = (text: string): boolean =>
    telling.has(text) ||
    words.some((pattern) => text.match(pattern)?.some((word) => wordOf(word) !== undefined)) ||
    phrases.some((pattern) => text.search(pattern) >= 0);
  const quotedIs = (inside: string): boolean =>
    [inside, unescaped(inside)].some((each) => wanted.has(each));
  const quotedTells = (inside: string): boolean =>
    [inside, unescaped(inside)].some((each) => hasWord(each));

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
    withoutWords: (text) => {
      if (telling.has(text)) return erasedText;
      // These first: some words are parts of them.
      const rest = phrases.reduce((left, pattern) => left.replace(pattern, erasedText), text);
      return words.reduce(
        (left, pattern) =>
          left.replace(pattern, (word) => {
            const found = wordOf(word);
            return found === undefined ? word : word.replace(found, () => erasedText);
          }),
        rest,
      );
    },
    withoutQuoted: (text) => {
      const isIdentity = text.match(propertyName)?.some((name) => identityNames.has(name)) === true;
      return text.replace(quoted, (whole, inside: string) =>
        quotedTells(inside) || (isIdentity && quotedIs(inside)) ? `"${erasedText}"` : whole,
      );
    },
  };
}

/** Whether the text is found as a word, wherever it stands. */
function isWord(text: string): boolean {
  const [, narrow] = words;
  return text.match(narrow)?.[0] === text && text.replace(punctuation, '') === text;
}

/** Patterns that find the texts wherever no letter or digit goes on before or behind them. */
function phrasePatterns(texts: readonly string[]): RegExp[] {
  const patterns: RegExp[] = [];
  // Of two that begin alike the longer one.
  const sorted = texts.toSorted((one, other) => other.length - one.length);
  for (let from = 0; from < sorted.length; from += patternParts) {
    const parts = sorted.slice(from, from + patternParts).map(escaped);
    patterns.push(new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})(?![\\p{L}\\p{N}])`, 'gu'));
  }
  return patterns;
}

/** As addresses have it; half a surrogate pair is in none. */
const inAddress = (text: string): string =>
  /\p{Cs}/u.test(text) ? text : encodeURIComponent(text);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * An address of mail, a UUID, a name of several words, a number with letters, a long number: not a word of a language, and
 * no number of anything.
 */
function isTelling(identifier: string): boolean {
  const { length } = identifier;
  if (!/\P{L}/u.test(identifier)) return length >= tellingLettersMin;
  return length >= (/\p{L}/u.test(identifier) ? tellingLengthMin : tellingDigitsMin);
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
