import type { UrlPart } from './functions.ts';

/**
 * Labels that registries of countries sell names under, as in example.co.uk. The list of all such names is longer and
 * changes each week; these cover the ones in wide use, and a rarer one gives a shorter name, never an error.
 */
const registryLabels: ReadonlySet<string> = new Set(
  'ac co com edu gob gov go id ltd me mil ne net nom or org plc sch web'.split(' '),
);

const withScheme = /^\s*(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#\\\s]*)/i;
const withoutScheme = /^\s*([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?::\d+)?)(?:[/?#]|\s*$)/u;
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * The host of a URL in lower case (`full_domain`), or the part of it that somebody registered (`domain`):
 * docs.example.co.uk and example.co.uk. Undefined where a text has no host.
 */
export function urlPart(url: string, wanted: UrlPart): string | undefined {
  const authority = (withScheme.exec(url) ?? withoutScheme.exec(url))?.[1];
  if (authority === undefined) return undefined;
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (host === '') return undefined;
  return wanted === 'full_domain' ? host : registeredName(host);
}

function registeredName(host: string): string {
  if (host.startsWith('[') || ipv4.test(host)) return host;
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const isUnderRegistry = top.length === 2 && registryLabels.has(second);
  return labels.slice(isUnderRegistry ? -3 : -2).join('.');
}
