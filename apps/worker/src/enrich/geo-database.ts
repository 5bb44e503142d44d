import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { Reader, type Response } from 'mmdb-lib';
import { workerLimits } from '../limits.ts';
import { LruCache } from '../lru-cache.ts';

/** What an address says; a field that is not known is left out. */
export interface Place {
  readonly city?: string;
  readonly region?: string;
  /** ISO 3166 alpha-2. */
  readonly countryCode?: string;
  /** IANA name. */
  readonly timezone?: string;
}

export interface GeoDatabase {
  /** Null for what is no address, for private and loopback ones, and for those nobody knows. */
  find(address: string): Place | null;
}

/** Public domain (CC0), 8 MB, countries only: one city database alone would double the installation. */
const bundledPackage = '@ip-location-db/geo-whois-asn-country-mmdb';
const bundledFile = 'geo-whois-asn-country.mmdb';

/**
 * Opens the operator's MMDB file, or the bundled one. Understands MaxMind's nested records
 * (GeoLite2, GeoIP2, DB-IP) and the flat ones of the bundled package.
 */
export function openGeoDatabase(file: string | undefined): GeoDatabase {
  const reader = new Reader<Response>(fs.readFileSync(file ?? bundledDatabase()));
  const look = (address: string): Place | null => {
    const bare = unmapped(address);
    if (net.isIP(bare) === 0 || isPrivate(bare)) return null;
    const record: unknown = reader.get(bare);
    return typeof record === 'object' && record !== null ? placeOf(record as GeoRecord) : null;
  };
  // Who sends, sends again: the events of a page come from one address, and all of a company's from a few.
  const known = new LruCache<string, { readonly place: Place | null }>(
    workerLimits.placeCacheEntriesMax,
  );
  return {
    find(address) {
      let found = known.get(address);
      if (found === undefined) known.set(address, (found = { place: look(address) }));
      return found.place;
    },
  };
}

function bundledDatabase(): string {
  const manifest = createRequire(import.meta.url).resolve(`${bundledPackage}/package.json`);
  return path.join(path.dirname(manifest), bundledFile);
}

type Named = { readonly names?: { readonly en?: string } };
type GeoRecord = {
  readonly city?: string | Named;
  readonly subdivisions?: readonly Named[];
  readonly country?: Named & { readonly iso_code?: string };
  readonly location?: { readonly time_zone?: string };
  readonly country_code?: string;
  readonly state1?: string;
  readonly timezone?: string;
};

function placeOf(record: GeoRecord): Place | null {
  const city = typeof record.city === 'string' ? record.city : record.city?.names?.en;
  const region = record.state1 ?? record.subdivisions?.[0]?.names?.en;
  const countryCode = record.country_code ?? record.country?.iso_code;
  const timezone = record.timezone ?? record.location?.time_zone;
  const place = {
    ...(city ? { city } : {}),
    ...(region ? { region } : {}),
    ...(countryCode ? { countryCode } : {}),
    ...(timezone ? { timezone } : {}),
  };
  return Object.keys(place).length === 0 ? null : place;
}

/** An IPv4 address that a dual-stack socket reported as IPv6. */
function unmapped(address: string): string {
  const text = address.trim();
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(text) ? text.slice(7) : text;
}

const privateRanges = new net.BlockList();
for (const [start, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  privateRanges.addSubnet(start, prefix, 'ipv4');
}
for (const [start, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  privateRanges.addSubnet(start, prefix, 'ipv6');
}

const isPrivate = (address: string): boolean =>
  privateRanges.check(address, net.isIPv6(address) ? 'ipv6' : 'ipv4');
