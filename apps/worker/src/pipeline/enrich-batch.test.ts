import type { IngestBatch, IngestEvent, IngestPerson, IngestRecord } from '@arbor/schema/ingest';
import { describe, expect, it } from 'vitest';
import { createEnrichBatch } from './enrich-batch.ts';

const enrich = createEnrichBatch({
  geo: {
    find: (address) =>
      address === '8.8.8.8'
        ? { city: 'Oslo', region: 'Oslo County', countryCode: 'NO', timezone: 'Europe/Oslo' }
        : null,
  },
  readUserAgent: (agent) => ({ $browser: agent, $os: 'TestOS' }),
});

function enriched(record: IngestRecord, source: IngestBatch['source'] = 'track'): IngestRecord {
  const batch: IngestBatch = {
    version: 1,
    batchId: 'enrich-1',
    project: 1,
    source,
    receivedAt: 0,
    sequence: 0,
    records: [record],
  };
  const [answer] = enrich(batch).records;
  expect(batch.records[0]).toBe(record);
  return answer;
}

const event = (given: Partial<IngestEvent>): IngestEvent => ({
  kind: 'event',
  event: 'View',
  time: 0,
  distinctId: 'a',
  insertId: 'i',
  properties: {},
  ...given,
});

const person = (given: Partial<IngestPerson>): IngestPerson => ({
  kind: 'person',
  distinctId: 'a',
  time: 0,
  operations: [{ operator: '$set', values: { plan: 'pro' } }],
  ...given,
});

describe('events', () => {
  it('get the place of their address, which is then forgotten', () => {
    const answer = enriched(event({ ip: '8.8.8.8' }));
    expect(answer).toEqual(
      event({ properties: { $city: 'Oslo', $region: 'Oslo County', mp_country_code: 'NO' } }),
    );
    expect(Object.keys(answer)).not.toContain('ip');
  });

  it('keep what the client said itself', () => {
    const answer = enriched(
      event({ ip: '8.8.8.8', properties: { $city: 'Rome', mp_country_code: null } }),
    );
    expect(answer).toEqual(
      event({ properties: { $city: 'Rome', $region: 'Oslo County', mp_country_code: null } }),
    );
  });

  it('are not placed by address when they carry coordinates or no address', () => {
    const properties = { $latitude: 1, $longitude: 2 };
    expect(enriched(event({ ip: '8.8.8.8', properties }))).toEqual(event({ properties }));
    expect(enriched(event({ ip: '10.0.0.1' }))).toEqual(event({}));
    expect(enriched(event({}))).toEqual(event({}));
  });

  it('get browser and system from the agent, where the client did not say', () => {
    expect(enriched(event({ userAgent: 'Agent', properties: { $os: 'Mine' } }))).toEqual(
      event({ properties: { $browser: 'Agent', $os: 'Mine' } }),
    );
    const given = event({ properties: { $user_agent: 'Other' } });
    expect(enriched(given)).toEqual(
      event({ properties: { $user_agent: 'Other', $browser: 'Other', $os: 'TestOS' } }),
    );
  });

  it('of an import are marked, whatever they say themselves', () => {
    expect(enriched(event({ properties: { $import: false } }), 'import')).toEqual(
      event({ properties: { $import: true } }),
    );
    expect(enriched(event({}), 'sdk')).toEqual(event({}));
  });
});

describe('profile updates', () => {
  const place = {
    $city: 'Oslo',
    $region: 'Oslo County',
    $country_code: 'NO',
    $timezone: 'Europe/Oslo',
  };

  it('that write properties get the place of their address', () => {
    expect(enriched(person({ ip: '8.8.8.8' }))).toEqual(
      person({ operations: [{ operator: '$set', values: { ...place, plan: 'pro' } }] }),
    );
    const add: IngestPerson['operations'] = [{ operator: '$add', values: { logins: 1 } }];
    expect(enriched(person({ operations: add, ip: '8.8.8.8' }))).toEqual(
      person({ operations: [{ operator: '$set', values: place }, ...add] }),
    );
  });

  it('keep what the client said itself', () => {
    const operations: IngestPerson['operations'] = [
      { operator: '$set_once', values: { $city: 'Rome', $region: 'Lazio', $timezone: 'x' } },
    ];
    expect(enriched(person({ operations, ip: '8.8.8.8' }))).toEqual(
      person({
        operations: [{ operator: '$set', values: { $country_code: 'NO' } }, ...operations],
      }),
    );
  });

  it('that take away, or have no public address, get nothing', () => {
    const removal: IngestPerson['operations'] = [{ operator: '$unset', names: ['plan'] }];
    expect(enriched(person({ operations: removal, ip: '8.8.8.8' }))).toEqual(
      person({ operations: removal }),
    );
    const deletion: IngestPerson['operations'] = [
      { operator: '$set', values: { a: 1 } },
      { operator: '$delete' },
    ];
    expect(enriched(person({ operations: deletion, ip: '8.8.8.8' }))).toEqual(
      person({ operations: deletion }),
    );
    expect(enriched(person({ ip: '127.0.0.1' }))).toEqual(person({}));
  });
});
