import { describe, expect, it } from 'vitest';
import type { LiveEntry } from '@arbor/schema/live';
import { detailLines, entriesMax, entryRow, liveFilter, timeText, withNewest } from './model.ts';

const base = { receivedAt: 1000, source: 'track' } as const;
const event = (id: string, properties: Record<string, string | number> = {}): LiveEntry => ({
  kind: 'event',
  id,
  ...base,
  event: 'Order completed',
  time: 900,
  distinctId: '$device:1',
  user: 'anna',
  insertId: id,
  properties,
});
const ids = (entries: readonly LiveEntry[]): string[] => entries.map(({ id }) => id);

describe('withNewest', () => {
  it('puts the newest on top', () => {
    expect(ids(withNewest([event('a')], [event('b'), event('c')]))).toEqual(['c', 'b', 'a']);
  });

  it('drops what a reconnect repeats, also within one burst', () => {
    const before = [event('b'), event('a')];
    expect(ids(withNewest(before, [event('a'), event('c'), event('c')]))).toEqual(['c', 'b', 'a']);
    expect(withNewest(before, [event('a')])).toBe(before);
  });

  it('keeps a thousand', () => {
    const many = Array.from({ length: 1500 }, (_, i) => event(String(i)));
    const kept = withNewest([], many);
    expect(kept).toHaveLength(entriesMax);
    expect(kept[0]?.id).toBe('1499');
  });
});

describe('entryRow', () => {
  it('shows place, device, library and three own properties of an event', () => {
    const row = entryRow(
      event('a', {
        $city: 'Berlin',
        mp_country_code: 'DE',
        $browser: 'Chrome',
        $os: 'Linux',
        mp_lib: 'web',
        amount: 12.5,
        item: 'Shirt',
        size: 'M',
        colour: 'red',
      }),
    );
    expect(row).toEqual({
      title: 'Order completed',
      user: 'anna',
      place: 'Berlin, DE',
      device: 'Chrome, Linux',
      library: 'web',
      detail: 'amount: 12.5  item: Shirt  size: M',
    });
  });

  it('tells in words what was refused, and where', () => {
    const rejected: LiveEntry = {
      kind: 'rejected',
      id: 'r',
      ...base,
      field: 'properties.time',
      reason: 'is not a time',
      record: '{}',
    };
    expect(entryRow(rejected).detail).toBe('properties.time: is not a time');
  });

  it('names the joined identities', () => {
    const alias: LiveEntry = {
      kind: 'alias',
      id: 'x',
      ...base,
      time: 1,
      alias: 'anon',
      user: 'anna',
    };
    expect(entryRow(alias).detail).toBe('anon is now anna');
    expect(entryRow({ ...alias, refused: 'too many identifiers' })).toMatchObject({
      title: 'Identity not joined',
      detail: 'too many identifiers',
    });
  });

  it('names a person by what says most, whichever identifier was seen first', () => {
    const device = '$device:2b95c6b7-002b-47a0-9fde-f204c0494b9b';
    const one = event('a');
    expect(entryRow({ ...one, distinctId: 'anna', user: device } as LiveEntry).user).toBe('anna');
    expect(entryRow({ ...one, distinctId: device, user: 'anna' } as LiveEntry).user).toBe('anna');
    expect(entryRow({ ...one, distinctId: device, user: device } as LiveEntry).user).toBe(
      'Anonymous 2b95c6b7',
    );
    const joined = { kind: 'alias', id: 'x', ...base, time: 1 } as const;
    for (const ids of [
      { alias: 'anna', user: device },
      { alias: device, user: 'anna' },
    ]) {
      expect(entryRow({ ...joined, ...ids })).toMatchObject({
        user: 'anna',
        detail: 'Anonymous 2b95c6b7 is now anna',
      });
    }
  });

  it('lists operators and names of an update', () => {
    const person: LiveEntry = {
      kind: 'person',
      id: 'p',
      ...base,
      time: 1,
      distinctId: 'anna',
      user: 'anna',
      operations: { $set: { plan: 'pro', age: 3 }, $delete: '' },
    };
    expect(entryRow(person).detail).toBe('$set plan, age  $delete');
  });
});

describe('details', () => {
  it('put own properties before those of the library', () => {
    expect(
      detailLines(event('a', { $os: 'Linux', zeta: 1, amount: 2 })).map(({ name }) => name),
    ).toEqual(['amount', 'zeta', '$os']);
  });
});

describe('timeText', () => {
  const now = Date.UTC(2026, 2, 14, 23, 30);

  it("is to the millisecond, in the project's zone", () => {
    expect(timeText(Date.UTC(2026, 2, 14, 23, 3, 22, 7), 'Europe/Berlin', now)).toBe(
      '00:03:22.007',
    );
  });

  it('has the day when it is another one', () => {
    expect(timeText(Date.UTC(2026, 2, 14, 22, 3), 'Europe/Berlin', now)).toBe(
      '14 Mar 2026 23:03:00.000',
    );
  });
});

describe('liveFilter', () => {
  it('asks for everything when nothing is chosen', () => {
    expect(liveFilter({ kind: 'all', event: null, user: '' })).toEqual({});
    expect(liveFilter({ kind: 'rejected', event: 'x', user: 'anna' })).toEqual({
      kinds: ['rejected'],
      event: 'x',
      user: 'anna',
    });
  });
});
