import type { LinkForm } from '@arbor/schema/identity';
import type { IngestRecord } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { devicePrefix, namesSomebody } from './identifier.ts';

/** Somebody says that two identifiers are one user (SPEC.md, Links). */
export interface LinkRequest {
  readonly form: LinkForm;
  /** Position of the record that says so. */
  readonly position: number;
  /** The identifier that is to join. */
  readonly alias: string;
  /** An identifier of the user it is to join. */
  readonly user: string;
  /** Of a `merge`: it came by `/import`, where callers show credentials. Others are refused. */
  readonly imported?: boolean;
}

/**
 * What a record says about identity, in the order in which it is applied. `imported`: the record came by `/import`.
 * A `$merge` of n identifiers is a chain of n − 1 links; one that names fewer than two is a link of nothing, so that it
 * is refused and says so.
 */
export function linksOf(record: IngestRecord, position: number, imported = false): LinkRequest[] {
  if (record.kind === 'link') {
    return [{ form: 'explicit', position, alias: record.alias, user: record.user }];
  }
  if (record.kind !== 'event') return [];
  const { event, distinctId, properties } = record;
  if (event === '$merge') return mergeLinks(properties.$distinct_ids, position, imported);
  const links: LinkRequest[] = [];
  const add = (form: LinkRequest['form'], alias: string | null, user: string | null): void => {
    if (alias !== null && user !== null && alias !== user) {
      links.push({ form, position, alias, user });
    }
  };
  if (event === '$identify') {
    add(
      'identify',
      identifierText(properties.$anon_id) ?? identifierText(properties.$anon_distinct_id),
      identifierText(properties.$identified_id) ?? identifierText(distinctId),
    );
  }
  if (event === '$create_alias') {
    add('alias', identifierText(properties.alias), identifierText(distinctId));
  }
  const device = identifierText(properties.$device_id);
  const user = identifierText(properties.$user_id);
  // A client without a user sometimes repeats the device id as the user id; that says nothing.
  if (device !== null && user !== null && user !== device)
    add('device', deviceIdentifier(device), user);
  return links;
}

function mergeLinks(
  given: PropertyValue | undefined,
  position: number,
  imported: boolean,
): LinkRequest[] {
  const ids = Array.isArray(given) ? given.map((id) => identifierText(id) ?? '') : [];
  const distinct = [...new Set(ids)];
  if (ids.length >= 2 && distinct.length === 1 && distinct[0] !== '') return [];
  const chain = distinct.length < 2 ? [distinct[0] ?? '', ''] : distinct;
  return chain.slice(1).map((alias, i) => {
    return { form: 'merge', position, alias, user: chain[i], imported };
  });
}

/**
 * The identifier whose user a record belongs to; null = nobody's, or not to be looked up. An event of
 * a device that names its user belongs to that user even when the device is already another's.
 */
export function ownIdentifierOf(record: IngestRecord): string | null {
  if (record.kind === 'group' || record.kind === 'link' || record.kind === 'unlink') return null;
  if (record.kind === 'person') return record.distinctId;
  const { distinctId, properties } = record;
  if (distinctId === '') return null;
  if (!distinctId.startsWith(devicePrefix)) return distinctId;
  const user = identifierText(properties.$user_id);
  return user !== null && namesSomebody(user) ? user : distinctId;
}

function deviceIdentifier(device: string): string {
  return device.startsWith(devicePrefix) ? device : devicePrefix + device;
}

/** Clients send numbers as identifiers too; they count as their text, as `distinct_id` does. */
export function identifierText(value: PropertyValue | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
