import { describe, expect, it } from 'vitest';
import { holdsAny, RedirectHistory } from './redirect-history.ts';

const redirects = (
  pairs: readonly (readonly [loser: number, winner: number, rank?: number])[],
) => ({
  losers: Uint32Array.from(pairs, ([loser]) => loser),
  winners: Uint32Array.from(pairs, ([, winner]) => winner),
  ranks: Uint32Array.from(pairs, ([, , rank = 1]) => rank),
});

describe('redirect history', () => {
  it('counts a user as one who fared differently when others merged into the same changed his rank', () => {
    const history = new RedirectHistory();
    const before = history.versionOf(redirects([[5, 9]]));
    const after = history.versionOf(
      redirects([
        [5, 9, 2],
        [7, 9, 1],
      ]),
    );
    expect(history.changedBetween(before, after)).toEqual([Uint32Array.of(5, 7)]);
  });

  it('knows which users fared differently between two versions, both ways', () => {
    const history = new RedirectHistory();
    const none = history.versionOf(redirects([]));
    const one = history.versionOf(redirects([[4, 1]]));
    const both = history.versionOf(
      redirects([
        [2, 1],
        [4, 2],
      ]),
    );
    const changed = (version: number, other: number): number[] | undefined =>
      history.changedBetween(version, other)?.flatMap((list) => [...list]);
    expect(changed(none, one)).toEqual([4]);
    expect(changed(one, both)).toEqual([2, 4]);
    expect(changed(both, one)).toEqual([2, 4]);
    expect(changed(one, one)).toEqual([]);
  });

  it('takes equal redirects for one version', () => {
    const history = new RedirectHistory();
    const first = history.versionOf(redirects([[4, 1]]));
    expect(history.versionOf(redirects([[4, 1]]))).toBe(first);
    expect(history.versionOf(redirects([]))).not.toBe(first);
  });

  it('forgets what lies far back, and says so', () => {
    const history = new RedirectHistory();
    const first = history.versionOf(redirects([[4, 1]]));
    const many = (end: number) => redirects(Array.from({ length: 60_000 }, (_, i) => [i + 5, end]));
    history.versionOf(many(1));
    const last = history.versionOf(many(2));
    expect(history.changedBetween(first, last)).toBeNull();
    expect(history.changedBetween(last, last)).toEqual([]);
  });
});

it('finds a number of one list in another', () => {
  const list = Uint32Array.of(1, 5, 9);
  expect(holdsAny(list, Uint32Array.of(2, 9))).toBe(true);
  expect(holdsAny(list, Uint32Array.of(0, 4, 10))).toBe(false);
  expect(holdsAny(list, new Uint32Array(0))).toBe(false);
});
