import type { PersonOperation } from '@arbor/schema/ingest';
import { limits } from '@arbor/schema/limits';
import type { PropertyValue } from '@arbor/schema/property-value';
import { describe, expect, it } from 'vitest';
import { applyUpdate, mergeProfiles, type Profile } from './profile.ts';

/** 2024-03-04T00:00:00.500Z. */
const time = 1_709_510_400_500;

function after(
  start: { readonly [name: string]: PropertyValue } | undefined,
  ...operations: readonly PersonOperation[]
): { readonly [name: string]: PropertyValue } | undefined {
  let profile: Profile | undefined = start && new Map(Object.entries(start));
  for (const operation of operations) {
    profile = applyUpdate(profile, { time, ignoreTime: true, operations: [operation] });
  }
  return profile && Object.fromEntries(profile);
}

describe('operators (ingestion-api.md 4.3)', () => {
  it('section 15, worked example c', () => {
    const steps: PersonOperation[] = [
      { operator: '$set_once', values: { a: 1 } },
      { operator: '$set', values: { a: 2 } },
      { operator: '$set_once', values: { a: 3 } },
      { operator: '$add', values: { a: -5 } },
      { operator: '$append', values: { l: 'x' } },
      { operator: '$append', values: { l: 'x' } },
      { operator: '$union', values: { l: ['x', 'y'] } },
    ];
    expect(after(undefined, ...steps)).toStrictEqual({ a: -3, l: ['x', 'x', 'y'] });
    expect(
      after(
        undefined,
        ...steps,
        { operator: '$remove', values: { l: 'x' } },
        { operator: '$unset', names: ['a'] },
      ),
    ).toStrictEqual({ l: ['y'] });
  });

  it('section 4.4, examples', () => {
    const union = (tags: string[]): PersonOperation => ({ operator: '$union', values: { tags } });
    const tags = after(undefined, union(['a', 'b']), union(['b', 'c']));
    expect(tags).toStrictEqual({ tags: ['a', 'b', 'c'] });
    expect(after(tags, { operator: '$remove', values: { tags: 'b' } })).toStrictEqual({
      tags: ['a', 'c'],
    });
    const login: PersonOperation = { operator: '$add', values: { logins: 1 } };
    expect(after(undefined, login)).toStrictEqual({ logins: 1 });
  });

  it('$set overwrites any type, also with null', () => {
    expect(after({ a: [1], b: 2 }, { operator: '$set', values: { a: null } })).toStrictEqual({
      a: null,
      b: 2,
    });
  });

  it('$set_once leaves a stored null alone', () => {
    expect(after({ a: null }, { operator: '$set_once', values: { a: 1, b: 2 } })).toStrictEqual({
      a: null,
      b: 2,
    });
  });

  it('$union keeps repeats that were stored, and adds each new member once', () => {
    expect(
      after({ l: [1, 1] }, { operator: '$union', values: { l: [1, '1', '1', { a: 1 }] } }),
    ).toStrictEqual({ l: [1, 1, '1', { a: 1 }] });
  });

  it('$append adds a list as one element', () => {
    expect(after({ l: [1] }, { operator: '$append', values: { l: [2, 3] } })).toStrictEqual({
      l: [1, [2, 3]],
    });
  });

  it('$remove takes equal members of lists, objects in any order of members', () => {
    expect(
      after(
        { l: [{ a: 1, b: 2 }, 1, '1', 1], s: 'x' },
        { operator: '$remove', values: { l: { b: 2, a: 1 }, s: 'x' } },
        { operator: '$remove', values: { l: 1, missing: 1 } },
      ),
    ).toStrictEqual({ l: ['1'], s: 'x' });
  });

  it('a mismatch of types fails the operation as a whole', () => {
    const start = { n: 1, s: 'text', l: ['x'], nothing: null };
    const failing: PersonOperation[] = [
      { operator: '$add', values: { n: 5, s: 1 } },
      { operator: '$add', values: { n: 5, nothing: 1 } },
      { operator: '$append', values: { l: 'y', s: 'y' } },
      { operator: '$union', values: { l: ['y'], n: ['y'] } },
    ];
    for (const operation of failing) expect(after(start, operation)).toStrictEqual(start);
  });

  it('a later operation of an update is applied although an earlier one failed', () => {
    const profile = applyUpdate(new Map([['s', 'text']]), {
      time,
      ignoreTime: false,
      operations: [
        { operator: '$add', values: { s: 1 } },
        { operator: '$append', values: { l: 1 } },
      ],
    });
    expect(Object.fromEntries(profile ?? [])).toStrictEqual({
      s: 'text',
      l: [1],
      $last_seen: '2024-03-04T00:00:00',
    });
  });

  it('$unset, $remove and $delete of a missing profile make none', () => {
    expect(after(undefined, { operator: '$unset', names: ['a'] })).toBeUndefined();
    expect(after(undefined, { operator: '$remove', values: { a: 1 } })).toBeUndefined();
    expect(after(undefined, { operator: '$delete' })).toBeUndefined();
  });

  it('$delete takes the whole profile, and the next update begins a new one', () => {
    expect(after({ a: 1 }, { operator: '$delete' })).toBeUndefined();
    expect(
      after({ a: 1 }, { operator: '$delete' }, { operator: '$set', values: { b: 1 } }),
    ).toStrictEqual({ b: 1 });
  });

  it('never changes the profile that it was given', () => {
    const list: PropertyValue[] = ['x'];
    const profile = new Map<string, PropertyValue>([['l', list]]);
    applyUpdate(profile, {
      time,
      ignoreTime: false,
      operations: [
        { operator: '$append', values: { l: 'y' } },
        { operator: '$remove', values: { l: 'x' } },
        { operator: '$set', values: { a: 1 } },
      ],
    });
    expect([...profile]).toStrictEqual([['l', ['x']]]);
    expect(list).toStrictEqual(['x']);
  });
});

describe('the table of ingestion-api.md 4.3', () => {
  const list: PropertyValue = ['x'];
  type Row = readonly [
    PersonOperation,
    /** Of a missing profile, of one without the property `p`, with "text" in it, 1, null, ["x"]. */
    missing: { readonly [name: string]: PropertyValue } | undefined,
    absent: PropertyValue | undefined,
    text: PropertyValue | undefined,
    number: PropertyValue | undefined,
    nothing: PropertyValue | undefined,
    list: PropertyValue | undefined,
  ];
  const rows: readonly Row[] = [
    [{ operator: '$set', values: { p: 2 } }, { p: 2 }, 2, 2, 2, 2, 2],
    [{ operator: '$set_once', values: { p: 2 } }, { p: 2 }, 2, 'text', 1, null, list],
    [{ operator: '$add', values: { p: 2 } }, { p: 2 }, 2, 'text', 3, null, list],
    [{ operator: '$append', values: { p: 2 } }, { p: [2] }, [2], 'text', 1, null, ['x', 2]],
    [{ operator: '$union', values: { p: [2, 2] } }, { p: [2] }, [2], 'text', 1, null, ['x', 2]],
    [{ operator: '$remove', values: { p: 'x' } }, undefined, undefined, 'text', 1, null, []],
    [
      { operator: '$unset', names: ['p'] },
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ],
  ];
  it.each(rows)('%j', (operation, missing, absent, text, number, nothing, ofList) => {
    expect(after(undefined, operation)).toStrictEqual(missing);
    const stored = [undefined, 'text', 1, null, list];
    const outcomes = stored.map((value) => {
      const profile = after(value === undefined ? { q: 0 } : { q: 0, p: value }, operation);
      expect(profile).toHaveProperty('q', 0);
      return profile?.['p'];
    });
    expect(outcomes).toStrictEqual([absent, text, number, nothing, ofList]);
  });
});

describe('values that would not be any', () => {
  it('fails an $add whose sum is no number of JSON', () => {
    const start = { n: 1e308, m: 1 };
    expect(after(start, { operator: '$add', values: { m: 1, n: 1e308 } })).toStrictEqual(start);
  });

  it('fails what would make a list longer than 256 KB, and lets it shrink', () => {
    const long = Array.from({ length: 1024 }, (_, i) => `${i} `.padEnd(252, 'x'));
    const start = { l: long };
    const append = (item: string): PersonOperation => ({
      operator: '$append',
      values: { l: item },
    });
    expect(after(start, append('y'.repeat(255)))).toStrictEqual({ l: [...long, 'y'.repeat(255)] });
    const full = { l: [...long, ...long.slice(0, 4)] };
    expect(after(full, append('y'.repeat(255)))).toStrictEqual(full);
    expect(after(full, { operator: '$union', values: { l: ['y'.repeat(255)] } })).toStrictEqual(
      full,
    );
    expect(after(full, { operator: '$remove', values: { l: long[0] } })).toStrictEqual({
      l: long.slice(1).concat(long.slice(1, 4)),
    });
  });
});

describe('$last_seen', () => {
  const set: PersonOperation = { operator: '$set', values: { a: 1 } };
  const seen = (profile: Profile | undefined) => profile?.get('$last_seen');

  it('is the time of the update, to the second', () => {
    expect(seen(applyUpdate(undefined, { time, ignoreTime: false, operations: [set] }))).toBe(
      '2024-03-04T00:00:00',
    );
  });

  it('is left alone with $ignore_time and by updates that fail', () => {
    expect(
      seen(applyUpdate(undefined, { time, ignoreTime: true, operations: [set] })),
    ).toBeUndefined();
    const failing: PersonOperation = { operator: '$add', values: { s: 1 } };
    const profile = new Map([['s', 'text']]);
    expect(
      seen(applyUpdate(profile, { time, ignoreTime: false, operations: [failing] })),
    ).toBeUndefined();
  });
});

describe('limit of 2000 properties', () => {
  const full = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`p${i}`, i]));

  it('fails an update that would exceed it, as a whole', () => {
    expect(after(full, { operator: '$set', values: { p0: 'new', extra: 1 } })).toStrictEqual(full);
    expect(after(full, { operator: '$add', values: { extra: 1 } })).toStrictEqual(full);
  });

  it('lets stored properties change, and does not count $last_seen', () => {
    const changed = after(full, { operator: '$set', values: { p0: 'new' } });
    expect(changed?.['p0']).toBe('new');
    const seen = applyUpdate(new Map(Object.entries(full)), {
      time,
      ignoreTime: false,
      operations: [{ operator: '$set', values: { p0: 1 } }],
    });
    expect(seen?.size).toBe(2001);
    const again = applyUpdate(seen, {
      time,
      ignoreTime: true,
      operations: [{ operator: '$set', values: { p1: 'changed' } }],
    });
    expect(again?.get('p1')).toBe('changed');
  });
});

describe('two profiles that become one', () => {
  it('keep the winner, and fill in what it lacks', () => {
    const winner = new Map<string, PropertyValue>([['a', 1]]);
    const loser = new Map<string, PropertyValue>([
      ['a', 2],
      ['b', 3],
    ]);
    expect(Object.fromEntries(mergeProfiles(winner, loser) ?? [])).toStrictEqual({ a: 1, b: 3 });
    expect(mergeProfiles(undefined, loser)).toBe(loser);
    expect(mergeProfiles(winner, undefined)).toBe(winner);
  });
});

describe('what could not be done', () => {
  const failuresOf = (
    start: { readonly [name: string]: PropertyValue },
    ...operations: readonly PersonOperation[]
  ): string[] => {
    const failures: string[] = [];
    const update = { time, ignoreTime: true, operations };
    applyUpdate(new Map(Object.entries(start)), update, ({ operation, property, reason }) =>
      failures.push(`${operation.operator} ${property}: ${reason}`),
    );
    return failures;
  };

  it('is told with the property that it failed for', () => {
    const noList = 'the profile has another value there than a list, or the list would be too long';
    expect(
      failuresOf(
        { plan: 'pro', n: 1, tags: ['a'] },
        { operator: '$add', values: { n: 1, plan: 1 } },
        { operator: '$append', values: { plan: 'x' } },
        { operator: '$union', values: { tags: ['b'], n: [1] } },
        { operator: '$set', values: { plan: 'free' } },
        { operator: '$unset', names: ['nothing'] },
      ),
    ).toEqual([
      '$add plan: the profile has another value there than a number, or the sum would be none',
      `$append plan: ${noList}`,
      `$union n: ${noList}`,
    ]);
  });

  it('is told with the property that is one too many', () => {
    const full = Object.fromEntries(
      Array.from({ length: limits.profilePropertiesMax }, (_, i) => [`p${i}`, i]),
    );
    const reason = 'a profile has at most 2000 properties, and would have more with this one';
    expect(failuresOf(full, { operator: '$set', values: { p0: 1, another: 1 } })).toEqual([
      `$set another: ${reason}`,
    ]);
    expect(failuresOf(full, { operator: '$set', values: { p0: 1 } })).toEqual([]);
  });
});
