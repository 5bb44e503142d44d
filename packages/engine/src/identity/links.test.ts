import type { IngestRecord } from '@arbor/schema/ingest';
import type { Properties } from '@arbor/schema/property-value';
import { describe, expect, it } from 'vitest';
import { linksOf, ownIdentifierOf } from './links.ts';

const device = '$device:18f0c3a2-5b1e-4c6d-9f3a-2b7c8d9e0f11';

const event = (name: string, distinctId: string, properties: Properties = {}): IngestRecord => ({
  kind: 'event',
  event: name,
  time: 0,
  distinctId,
  insertId: 'i',
  properties,
});

describe('linksOf', () => {
  it('reads $identify as mixpanel-browser sends it', () => {
    const record = event('$identify', 'ann', {
      $anon_distinct_id: device,
      $device_id: device.slice(8),
      $user_id: 'ann',
    });
    expect(linksOf(record, 3)).toEqual([
      { form: 'identify', position: 3, alias: device, user: 'ann' },
      { form: 'device', position: 3, alias: device, user: 'ann' },
    ]);
  });

  it('prefers $anon_id and $identified_id', () => {
    const record = event('$identify', 'x', {
      $anon_id: 'a',
      $anon_distinct_id: 'b',
      $identified_id: 'c',
    });
    expect(linksOf(record, 0)).toEqual([{ form: 'identify', position: 0, alias: 'a', user: 'c' }]);
  });

  it('reads $create_alias, and a number as its text', () => {
    expect(linksOf(event('$create_alias', 'old', { alias: 42 }), 0)).toEqual([
      { form: 'alias', position: 0, alias: '42', user: 'old' },
    ]);
  });

  it('reads $merge as a chain, and whether it came by /import', () => {
    const merge = event('$merge', '', { $distinct_ids: ['a', 2, 'a', 'c'] });
    expect(linksOf(merge, 1, true)).toEqual([
      { form: 'merge', position: 1, alias: '2', user: 'a', imported: true },
      { form: 'merge', position: 1, alias: 'c', user: '2', imported: true },
    ]);
    expect(linksOf(merge, 1)).toMatchObject([{ imported: false }, { imported: false }]);
  });

  it('reads a $merge that does not name two as a link of nothing, which is refused', () => {
    for (const given of ['a', [], ['a'], ['a', null], [{}, null]] as const) {
      const [link, ...more] = linksOf(
        event('$merge', 'x', { $distinct_ids: typeof given === 'string' ? given : [...given] }),
        0,
        true,
      );
      expect(link.user === '' || link.alias === '').toBe(true);
      expect(more).toEqual([]);
    }
    expect(linksOf(event('$merge', 'x', { $distinct_ids: ['a', 'a'] }), 0, true)).toEqual([]);
  });

  it('reads what a person decided', () => {
    const record: IngestRecord = { kind: 'link', time: 1, alias: 'a', user: 'b' };
    expect(linksOf(record, 2)).toEqual([{ form: 'explicit', position: 2, alias: 'a', user: 'b' }]);
    expect(linksOf({ kind: 'unlink', time: 1, link: 7, by: 'ann' }, 0)).toEqual([]);
    expect(ownIdentifierOf(record)).toBeNull();
  });

  it('finds nothing in an alias of itself, without an alias, or in a person update', () => {
    expect(linksOf(event('$create_alias', 'a', { alias: 'a' }), 0)).toEqual([]);
    expect(linksOf(event('$create_alias', 'a'), 0)).toEqual([]);
    expect(linksOf(event('View', 'a', { $user_id: 'a' }), 0)).toEqual([]);
    expect(linksOf(event('View', 'a', { $device_id: 'd', $user_id: 'd' }), 0)).toEqual([]);
    const person: IngestRecord = {
      kind: 'person',
      distinctId: 'a',
      time: 0,
      operations: [{ operator: '$set', values: { $device_id: 'd', $user_id: 'u' } }],
    };
    expect(linksOf(person, 0)).toEqual([]);
  });
});

describe('ownIdentifierOf', () => {
  it('is the id as sent, but the user id on an event of a device', () => {
    expect(ownIdentifierOf(event('View', 'ann', { $user_id: 'bob' }))).toBe('ann');
    expect(ownIdentifierOf(event('View', device, { $user_id: 'bob' }))).toBe('bob');
    expect(ownIdentifierOf(event('View', device))).toBe(device);
    expect(ownIdentifierOf(event('View', ''))).toBeNull();
  });

  it('is not a user id that identifies nobody', () => {
    for (const nobody of ['undefined', 'NULL', '0', '$device:null']) {
      expect(ownIdentifierOf(event('View', device, { $user_id: nobody }))).toBe(device);
    }
  });

  it('is nothing for an update of a group, which links nobody', () => {
    const update: IngestRecord = {
      kind: 'group',
      groupKey: 'company',
      groupId: 'a',
      time: 0,
      operations: [{ operator: '$set', values: { $device_id: 'd', $user_id: 'u' } }],
    };
    expect(ownIdentifierOf(update)).toBeNull();
    expect(linksOf(update, 0)).toEqual([]);
  });

  it('is the id of a person update, also with $ignore_alias: the map must know whose rows it has', () => {
    const update = { kind: 'person', distinctId: 'a', time: 0, operations: [] } as const;
    expect(ownIdentifierOf({ ...update, operations: [], ignoreAlias: true })).toBe('a');
    expect(ownIdentifierOf({ ...update, operations: [] })).toBe('a');
  });
});
