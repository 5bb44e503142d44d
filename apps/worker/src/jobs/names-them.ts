/** Whether a text or a value names one of a few identifiers. */
export interface NamesThem {
  /** A text that is one of them, or has one in quotation marks, as messages and JSON have them. */
  text(text: string): boolean;
  /** Anything of JSON: a text or number that names one, at any depth, members' names too. */
  value(value: unknown): boolean;
}

const quoted = /"((?:[^"\\]|\\.)*)"/g;

export function createNamesThem(identifiers: readonly string[]): NamesThem {
  const wanted = new Set(identifiers);
  const text = (given: string): boolean => {
    if (wanted.has(given)) return true;
    for (const [, inside = ''] of given.matchAll(quoted)) {
      if (wanted.has(inside) || wanted.has(unescaped(inside))) return true;
    }
    return false;
  };
  const value = (given: unknown): boolean => {
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number') return wanted.has(String(given));
    if (typeof given !== 'object' || given === null) return false;
    if (Array.isArray(given)) return given.some(value);
    return Object.entries(given).some(([name, inner]) => wanted.has(name) || value(inner));
  };
  return { text, value };
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
