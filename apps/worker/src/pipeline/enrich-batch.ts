import type {
  IngestBatch,
  IngestEvent,
  IngestPerson,
  IngestRecord,
  PersonOperation,
} from '@arbor/schema/ingest';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import type { GeoDatabase, Place } from '../enrich/geo-database.ts';

/**
 * Adds what the server knows (`ingestion-api.md` 12): the place of the address, the browser of the
 * agent, `$import`. What the client said itself always wins. Address and agent end here: they are in
 * no record that leaves this step.
 *
 * Not added: `$mp_api_endpoint` and `$mp_api_timestamp_ms`. Each batch already carries its source's
 * lane and its time of arrival once; repeated in every event they would cost more than the event's
 * other server properties together.
 */
export function createEnrichBatch(dependencies: {
  geo: GeoDatabase;
  readUserAgent: (agent: string) => Properties;
}): (batch: IngestBatch) => IngestBatch {
  const { geo, readUserAgent } = dependencies;

  const enrichEvent = (event: IngestEvent, isImport: boolean): IngestEvent => {
    const { ip, userAgent, properties } = event;
    const agent = userAgent ?? textOf(properties.$user_agent);
    if (agent === undefined && ip === undefined) {
      return isImport ? withProperties(event, { ...properties, $import: true }) : event;
    }
    const added: Properties = {
      ...(agent === undefined ? {} : readUserAgent(agent)),
      ...(ip === undefined || hasCoordinates(properties) ? {} : eventPlace(geo.find(ip))),
    };
    // The client's own come last, so that they win; `$import` is the server's to say.
    const merged = { ...added, ...properties, ...(isImport ? { $import: true } : {}) };
    return withProperties(event, merged);
  };

  const enrichPerson = (person: IngestPerson): IngestPerson => {
    const { ip, ...rest } = person;
    if (ip === undefined || !setsProperties(person.operations)) return rest;
    return { ...rest, operations: withPlace(person.operations, personPlace(geo.find(ip))) };
  };

  return function enrichBatch(batch) {
    const isImport = batch.source === 'import';
    const enrich = (record: IngestRecord): IngestRecord => {
      if (record.kind === 'event') return enrichEvent(record, isImport);
      return record.kind === 'person' ? enrichPerson(record) : record;
    };
    const records = batch.records.map(enrich);
    return { ...batch, records };
  };
}

/** The event with these properties, and without address and agent. Field by field: this is done for each event. */
function withProperties(
  { event, time, sentTime, distinctId, insertId }: IngestEvent,
  properties: Properties,
): IngestEvent {
  const enriched: IngestEvent = { kind: 'event', event, time, distinctId, insertId, properties };
  if (sentTime !== undefined) enriched.sentTime = sentTime;
  return enriched;
}

/** Events use `mp_country_code`, profiles `$country_code`: Mixpanel's names. */
function eventPlace(place: Place | null): Properties {
  return present({
    $city: place?.city,
    $region: place?.region,
    mp_country_code: place?.countryCode,
  });
}

function personPlace(place: Place | null): Properties {
  return present({
    $city: place?.city,
    $region: place?.region,
    $country_code: place?.countryCode,
    $timezone: place?.timezone,
  });
}

function present(values: Readonly<Record<string, string | undefined>>): Properties {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Coordinates win over any address; turning them into a place needs a database that is not bundled. */
function hasCoordinates({ $latitude, $longitude }: Properties): boolean {
  return typeof $latitude === 'number' && typeof $longitude === 'number';
}

/** Operators that write properties; `$remove` and `$unset` take away and must not create a profile. */
const writing: ReadonlySet<PersonOperation['operator']> = new Set([
  '$set',
  '$set_once',
  '$add',
  '$append',
  '$union',
]);

function setsProperties(operations: readonly PersonOperation[]): boolean {
  if (operations.some(({ operator }) => operator === '$delete')) return false;
  return operations.some(({ operator }) => writing.has(operator));
}

/** Puts the place into the update's `$set`, or into one of its own, except for what the update names itself. */
function withPlace(operations: readonly PersonOperation[], place: Properties): PersonOperation[] {
  const named = new Set<string>(
    operations.flatMap((operation) => ('values' in operation ? Object.keys(operation.values) : [])),
  );
  const added = Object.fromEntries(Object.entries(place).filter(([name]) => !named.has(name)));
  if (Object.keys(added).length === 0) return [...operations];
  const own = operations.find((operation) => operation.operator === '$set');
  if (own === undefined) return [{ operator: '$set', values: added }, ...operations];
  const values = { ...added, ...own.values };
  return operations.map((operation) =>
    operation === own ? { operator: '$set', values } : operation,
  );
}

function textOf(value: PropertyValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
