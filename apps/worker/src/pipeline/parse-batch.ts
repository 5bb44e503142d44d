import { NewerJobError, PoisonError } from '@arbor/queue/errors';
import {
  type IngestBatch,
  type IngestEvent,
  type IngestGroup,
  type IngestLink,
  type IngestPerson,
  type IngestUnlink,
  type PersonOperation,
  ingestBatchVersion,
  ingestSourceSchema,
} from '@arbor/schema/ingest';

/**
 * Checks a job's batch by hand: the schema would need longer for the values of an import than all the
 * other steps together. Accepts exactly what `ingestBatchSchema` accepts (`parse-batch.property.test.ts`),
 * except that fields the schema does not know are kept here and ignored by everybody. The batch is as the queue read it,
 * or the text of it: dead letters and builds before put it so.
 */
export function parseBatch(given: unknown): IngestBatch {
  const batch = typeof given === 'string' ? readJson(given) : given;
  if (batch === undefined) throw new PoisonError('the job carries no batch');
  checkBatch(batch);
  return batch;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PoisonError(`the batch is not JSON: ${(error as Error).message}`, error);
  }
}

function checkBatch(batch: unknown): asserts batch is IngestBatch {
  const fields = object(batch, 'batch');
  if (fields.version !== ingestBatchVersion) {
    const isNewer = Number.isInteger(fields.version) && Number(fields.version) > ingestBatchVersion;
    if (isNewer) throw new NewerJobError(`batch version ${show(fields.version)} is newer than 1`);
    throw new PoisonError(`version ${show(fields.version)} is unknown; 1 is the only one`);
  }
  text(fields.batchId, 'batchId', 8);
  if (integer(fields.project, 'project') <= 0) fail('project', fields.project);
  if (!(ingestSourceSchema.options as readonly unknown[]).includes(fields.source)) {
    fail('source', fields.source);
  }
  integer(fields.receivedAt, 'receivedAt');
  integer(fields.sequence, 'sequence');
  const records = list(fields.records, 'records');
  if (records.length === 0) throw new PoisonError('records is empty');
  for (let i = 0; i < records.length; i++) {
    if (!isGoodEvent(records[i])) checkRecord(records[i], `records[${i}]`);
  }
}

/**
 * Whether the record is an event that `checkEvent` finds nothing wrong with, without the names of places that only an error
 * needs: nearly all records are, and those names would cost more than all that is looked at.
 */
function isGoodEvent(record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false;
  const fields = record as Fields<IngestEvent>;
  const { properties } = fields;
  return (
    fields.kind === 'event' &&
    typeof fields.event === 'string' &&
    fields.event !== '' &&
    Number.isSafeInteger(fields.time) &&
    (fields.sentTime === undefined || Number.isSafeInteger(fields.sentTime)) &&
    typeof fields.distinctId === 'string' &&
    typeof fields.insertId === 'string' &&
    fields.insertId !== '' &&
    (fields.ip === undefined || typeof fields.ip === 'string') &&
    (fields.userAgent === undefined || typeof fields.userAgent === 'string') &&
    typeof properties === 'object' &&
    properties !== null &&
    !Array.isArray(properties) &&
    areFinite(properties as Readonly<Record<string, unknown>>)
  );
}

/** JSON text holds nothing that is no property value but a number too large for a double. */
function areFinite(values: Readonly<Record<string, unknown>>): boolean {
  // What JSON text makes has no prototype with members of its own, and a list of all values would be made for each event.
  for (const name in values) {
    const value = values[name];
    if (value === Infinity || value === -Infinity) return false;
    if (typeof value !== 'object' || value === null) continue;
    if (!areFinite(value as Readonly<Record<string, unknown>>)) return false;
  }
  return true;
}

function checkRecord(record: unknown, where: string): void {
  const fields = object(record, where);
  if (fields.kind === 'event') checkEvent(fields, where);
  else if (fields.kind === 'person') checkPerson(fields, where);
  else if (fields.kind === 'group') checkGroup(fields, where);
  else if (fields.kind === 'link') checkLink(fields, where);
  else if (fields.kind === 'unlink') checkUnlink(fields, where);
  else fail(`${where}.kind`, fields.kind);
}

function checkEvent(fields: Fields<IngestEvent>, where: string): void {
  text(fields.event, `${where}.event`, 1);
  integer(fields.time, `${where}.time`);
  if (fields.sentTime !== undefined) integer(fields.sentTime, `${where}.sentTime`);
  text(fields.distinctId, `${where}.distinctId`, 0);
  text(fields.insertId, `${where}.insertId`, 1);
  checkValues(object(fields.properties, `${where}.properties`), `${where}.properties`);
  if (fields.ip !== undefined) text(fields.ip, `${where}.ip`, 0);
  if (fields.userAgent !== undefined) text(fields.userAgent, `${where}.userAgent`, 0);
}

function checkPerson(fields: Fields<IngestPerson>, where: string): void {
  text(fields.distinctId, `${where}.distinctId`, 1);
  integer(fields.time, `${where}.time`);
  flag(fields.ignoreTime, `${where}.ignoreTime`);
  flag(fields.ignoreAlias, `${where}.ignoreAlias`);
  if (fields.insertId !== undefined) text(fields.insertId, `${where}.insertId`, 1);
  if (fields.ip !== undefined) text(fields.ip, `${where}.ip`, 0);
  checkOperations(fields.operations, `${where}.operations`);
}

function checkGroup(fields: Fields<IngestGroup>, where: string): void {
  text(fields.groupKey, `${where}.groupKey`, 1);
  text(fields.groupId, `${where}.groupId`, 1);
  integer(fields.time, `${where}.time`);
  flag(fields.ignoreTime, `${where}.ignoreTime`);
  if (fields.insertId !== undefined) text(fields.insertId, `${where}.insertId`, 1);
  checkOperations(fields.operations, `${where}.operations`);
}

function checkLink(fields: Fields<IngestLink>, where: string): void {
  integer(fields.time, `${where}.time`);
  text(fields.alias, `${where}.alias`, 1);
  text(fields.user, `${where}.user`, 1);
}

function checkUnlink(fields: Fields<IngestUnlink>, where: string): void {
  integer(fields.time, `${where}.time`);
  if (integer(fields.link, `${where}.link`) < 1) fail(`${where}.link`, fields.link);
  text(fields.by, `${where}.by`, 0);
}

function checkOperations(value: unknown, where: string): void {
  const operations = list(value, where);
  if (operations.length === 0) throw new PoisonError(`${where} is empty`);
  for (const [n, operation] of operations.entries()) checkOperation(operation, `${where}[${n}]`);
}

function checkOperation(operation: unknown, where: string): void {
  const fields = object(operation, where) as {
    operator?: PersonOperation['operator'];
    values?: unknown;
    names?: unknown;
  };
  const { operator } = fields;
  switch (operator) {
    case '$set':
    case '$set_once':
    case '$append':
    case '$remove':
      return checkValues(object(fields.values, `${where}.values`), `${where}.values`);
    case '$add':
      for (const [name, value] of Object.entries(object(fields.values, `${where}.values`))) {
        if (!Number.isFinite(value)) fail(`${where}.values.${name}`, value);
      }
      return;
    case '$union':
      for (const [name, value] of Object.entries(object(fields.values, `${where}.values`))) {
        checkValues(list(value, `${where}.values.${name}`), `${where}.values.${name}`);
      }
      return;
    case '$unset':
      for (const name of list(fields.names, `${where}.names`)) text(name, `${where}.names`, 0);
      return;
    case '$delete':
      return;
    case undefined:
    default:
      fail(`${where}.operator`, operator);
  }
}

/** As `areFinite`, with the value that is not. */
function checkValues(values: object, where: string): void {
  for (const value of Object.values(values) as unknown[]) {
    if (value === Infinity || value === -Infinity) fail(where, value);
    if (typeof value === 'object' && value !== null) checkValues(value, where);
  }
}

type Fields<T> = { readonly [Name in keyof T]?: unknown } & Readonly<Record<string, unknown>>;

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  return fail(where, value);
}

function list(value: unknown, where: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(where, value);
}

function text(value: unknown, where: string, charactersMin: number): void {
  if (typeof value !== 'string' || value.length < charactersMin) fail(where, value);
}

function integer(value: unknown, where: string): number {
  return Number.isSafeInteger(value) ? (value as number) : fail(where, value);
}

function flag(value: unknown, where: string): void {
  if (value !== undefined && typeof value !== 'boolean') fail(where, value);
}

function fail(where: string, value: unknown): never {
  throw new PoisonError(`${where} cannot be ${show(value)}`);
}

function show(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
