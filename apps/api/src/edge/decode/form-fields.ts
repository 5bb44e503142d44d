/** First occurrence wins. A map, so that no field name can touch a prototype. */
export type Fields = ReadonlyMap<string, string>;

/** Enough for every client with its extra parameters; bounds the work of a body of nothing but `&`. */
const fieldsMax = 200;

/**
 * Parses a query string or form body, as strictly as the clients encode, which is hardly: the Node
 * client sends base64 as it is (its `+` arrives as a space, which `decode-data.ts` repairs), and some
 * send plain JSON unencoded. A value that literally starts with a bracket was not encoded, so it is
 * taken as it stands up to its closing bracket, `&`, `+` and `%` inside included.
 */
export function parseFields(text: string): Fields {
  const fields = new Map<string, string>();
  let start = 0;
  let equals = -1;
  for (let count = 0; count < fieldsMax && start < text.length; count++) {
    let end = endOfField(text, start);
    if (equals < start) equals = text.indexOf('=', start);
    if (equals < 0) equals = text.length;

    const hasValue = equals < end;
    const name = decodeComponent(text.slice(start, hasValue ? equals : end));
    let value = '';
    if (hasValue && startsJson(text, equals + 1)) {
      end = endOfField(text, endOfJson(text, equals + 1));
      value = text.slice(equals + 1, end);
    } else if (hasValue) {
      value = decodeComponent(text.slice(equals + 1, end));
    }
    if (name !== '' && !fields.has(name)) fields.set(name, value);
    start = end + 1;
  }
  return fields;
}

/** Percent-decoding that leaves what is not valid as it was, for it may not have been encoded. */
export function decodeComponent(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function endOfField(text: string, from: number): number {
  const ampersand = text.indexOf('&', from);
  return ampersand < 0 ? text.length : ampersand;
}

function startsJson(text: string, from: number): boolean {
  const first = text[from];
  return first === '{' || first === '[';
}

/** Position after the bracket that closes the one at `from`; the end of the text if none does. */
function endOfJson(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === '{' || char === '[') {
      depth++;
    } else if ((char === '}' || char === ']') && --depth === 0) {
      return i + 1;
    }
  }
  return text.length;
}
