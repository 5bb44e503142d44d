import { limits } from '@arbor/schema/limits';
import type { IngestEvent } from '@arbor/schema/ingest';
import { readAddress } from './address.ts';
import { cleanProperties, isJsonObject, type JsonObject } from './clean-properties.ts';
import { cleanText, type TextRules } from './clean-text.ts';
import type { EventContext } from './event-context.ts';
import { invalid, missing, RecordProblem } from './record-problem.ts';

/** Fields of the protocol; they travel beside the properties, or not at all (9.2). */
const protocolNames: ReadonlySet<string> = new Set([
  'token',
  'distinct_id',
  'time',
  '$insert_id',
  'ip',
  '$ignore',
]);

export interface OpenEvent {
  readonly event: string;
  readonly properties: JsonObject;
}

/** Checks what every event of every endpoint must have: a name, and an object of properties. */
export function openEvent(raw: unknown, rules: TextRules): OpenEvent | RecordProblem {
  if (!isJsonObject(raw)) return new RecordProblem('invalid', '', 'record must be a json object');
  const { event, properties } = raw;
  if (event === undefined || event === null || event === '') return missing('event');
  if (typeof event !== 'string') return invalid('event', 'must be a string');
  const name = cleanText(event, rules);
  if (name === null) return invalid('event', 'string should be valid utf8');
  if (properties === undefined || properties === null) return missing('properties');
  if (!isJsonObject(properties)) return invalid('properties', 'must be a json object');
  return { event: name, properties };
}

/** The token of a record, before it is judged: it says whose rules apply. */
export function tokenOfEvent(raw: unknown): string | RecordProblem {
  const properties = isJsonObject(raw) ? raw['properties'] : undefined;
  const token = isJsonObject(properties) ? properties['token'] : undefined;
  return typeof token === 'string' && token !== '' ? token : missing('properties.token');
}

export const wantsToBeIgnored = ({ $ignore }: JsonObject): boolean =>
  $ignore === true || (typeof $ignore === 'string' && $ignore !== '');

/** Ids are text: numbers are turned into it. null = not an id; `undefined` = none was sent. */
export function readId(value: unknown, rules: TextRules): string | null | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return typeof value === 'string' ? cleanText(value, rules) : null;
}

/** Who did it when `distinct_id` is missing, step by step (2.4); "" = nobody can know. */
export function distinctIdOfOthers(
  properties: JsonObject,
  rules: TextRules,
  { settings, addressId }: Pick<EventContext, 'settings' | 'addressId'>,
): string {
  const user = readId(properties['$user_id'], rules);
  if (user) return user;
  const device = readId(properties['$device_id'], rules);
  if (device) {
    const id = settings.identityMode === 'simplified' ? `$device:${device}` : device;
    return cleanText(id, rules) ?? '';
  }
  return addressId() ?? '';
}

export interface EventParts {
  readonly event: string;
  readonly time: number;
  /** As sent, where `time` is not that. */
  readonly sentTime: number | null;
  readonly distinctId: string;
  /** null: the batch gives one (`batch-sender.ts`). */
  readonly insertId: string | null;
  readonly properties: JsonObject;
}

/** The last step of every judge: cleans the properties and puts the event together. */
export function makeEvent(
  parts: EventParts,
  rules: TextRules,
  context: EventContext,
): IngestEvent | RecordProblem {
  const properties = cleanProperties(parts.properties, {
    strict: rules.strict,
    damaged: rules.damaged,
    path: 'properties',
    propertiesMax: limits.propertiesPerEventMax,
    without: protocolNames,
  });
  if (properties instanceof RecordProblem) return properties;

  const record: IngestEvent = {
    kind: 'event',
    event: parts.event,
    time: parts.time,
    distinctId: parts.distinctId,
    insertId: parts.insertId ?? '',
    properties: { ...context.hints, ...properties },
  };
  if (parts.sentTime !== null) record.sentTime = parts.sentTime;
  const named = readAddress(parts.properties['ip']);
  const ip = named === undefined ? context.connectionAddress : named;
  if (ip !== null) record.ip = ip;
  if (context.userAgent !== null) record.userAgent = context.userAgent;
  return record;
}
