/**
 * Which licences may be installed with a product under Apache-2.0 (decisions 13). A package with a
 * choice ("A OR B") is taken under any allowed one; one with several at once ("A AND B") needs all.
 */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** Licences that are fine for what a package is, but not for code in general; each with the reason. */
const allowedFor: Readonly<Record<string, { licence: string; reason: string }>> = {
  'caniuse-lite': {
    licence: 'CC-BY-4.0',
    reason: 'data about browsers that the build of the dashboard reads; nothing of it is shipped',
  },
  lightningcss: {
    licence: 'MPL-2.0',
    reason: 'an unchanged build tool: copyleft ends at its own files, and none of them is shipped',
  },
  '@img/sharp-libvips': {
    licence: 'LGPL-3.0-or-later',
    reason:
      'an unchanged shared library that Next may load for images; it can be replaced or left out',
  },
};

/** Packages whose label is not the whole truth, and why they are here all the same. */
export const labelledOtherwise: Readonly<Record<string, string>> = {
  '@falkordblite/linux-x64':
    'labelled MIT, but carries Redis 8.2 (RSALv2, SSPLv1 or AGPLv3). The local stack runs it unmodified, as a ' +
    'process of its own, where no redis-server or valkey-server is on PATH; deployments set REDIS_URL',
};

/** Exceptions that nothing needs any more: an open door for whatever takes the name later. */
export function unusedExceptions(installed: readonly InstalledPackage[]): string[] {
  const names = new Set(installed.map(({ name }) => exceptionName(name)));
  return [...Object.keys(allowedFor), ...Object.keys(labelledOtherwise)]
    .filter((name) => !names.has(name))
    .map((name) => `${name} is not installed: remove it from scripts/licence-rules.ts`);
}

export type InstalledPackage = {
  readonly name: string;
  readonly version: string;
  /** The field of its package.json: a text, an old object or list, or nothing. */
  readonly license?: unknown;
  readonly licenses?: unknown;
};

/** Null when the package may be used, else what is wrong with its licence. */
export function licenceBreach(one: InstalledPackage): string | null {
  const expression = expressionOf(one.license) ?? expressionOf(one.licenses);
  const label = `${one.name}@${one.version}`;
  if (expression === null) return `${label} names no licence`;
  const exception = allowedFor[exceptionName(one.name)]?.licence;
  const isFine = (licence: string): boolean => allowed.has(licence) || exception === licence;
  if (satisfies(expression, isFine)) return null;
  return `${label} is under "${expression}", which is not on the list of scripts/licence-rules.ts`;
}

/** Native code comes in one package a platform: `lightningcss` stands for `lightningcss-linux-x64-gnu`. */
function exceptionName(name: string): string {
  if (name in allowedFor || name in labelledOtherwise) return name;
  return name.replace(/-(linux|linuxmusl|darwin|win32|freebsd|android|wasm32)\b.*$/, '');
}

/** SPDX text of the field in any of the forms that were ever usual. */
function expressionOf(field: unknown): string | null {
  if (typeof field === 'string') return field.trim() === '' ? null : field.trim();
  if (Array.isArray(field)) {
    const each = field.map(expressionOf);
    return each.length > 0 && each.every((text) => text !== null) ? each.join(' OR ') : null;
  }
  if (typeof field === 'object' && field !== null && 'type' in field)
    return expressionOf(field.type);
  return null;
}

/** Evaluates `A`, `A AND B`, `A OR B`, with brackets; AND binds closer. Anything else is not satisfied. */
export function satisfies(expression: string, isFine: (licence: string) => boolean): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let position = 0;
  const either = (): boolean => {
    let value = both();
    while (tokens[position]?.toUpperCase() === 'OR') {
      position++;
      const other = both();
      value = value || other;
    }
    return value;
  };
  const both = (): boolean => {
    let value = single();
    while (tokens[position]?.toUpperCase() === 'AND') {
      position++;
      const other = single();
      value = value && other;
    }
    return value;
  };
  const single = (): boolean => {
    const token = tokens[position++];
    if (token !== '(') return token !== undefined && isFine(token);
    const value = either();
    return tokens[position++] === ')' && value;
  };
  const value = either();
  return position === tokens.length && value;
}
