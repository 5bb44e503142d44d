import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '@arbor/schema/limits';
import { describe, expect, it } from 'vitest';
import type { LinkOutcome } from './identity-map.ts';
import type { IdentityAnswer, IdentityRequest, IdentityStore } from './identity-store.ts';
import type { LinkRequest } from './links.ts';

const device = (n: number): string => `$device:${n}`;

let batches = 0;

/** A batch that names `identifiers` and says `links`; the links' own identifiers are added. */
export function batch(
  identifiers: readonly string[],
  links: readonly (readonly [LinkRequest['form'], string, string])[] = [],
  given: Partial<IdentityRequest> = {},
): Omit<IdentityRequest, 'project'> {
  const named = links.flatMap(([, alias, user]) => [alias, user]);
  return {
    batchId: `contract-${batches++}`,
    identifiers: [...new Set([...identifiers, ...named])],
    links: links.map(([form, alias, user], position) => ({ form, position, alias, user })),
    redelivered: false,
    ...given,
  };
}

/** Each outcome in a few words. */
export const told = (outcomes: readonly LinkOutcome[]): string[] =>
  outcomes.map((outcome) =>
    outcome.type === 'refused'
      ? `refused ${outcome.code}`
      : outcome.type === 'unchanged'
        ? 'unchanged'
        : `${outcome.type} ${outcome.loser} > ${outcome.winner}`,
  );

/** What every implementation of `IdentityStore` must do (SPEC.md). `nextProject` gives an unused project. */
export function identityStoreContract(
  name: string,
  open: () => Promise<IdentityStore>,
  nextProject: () => number,
): void {
  const start = async (): Promise<
    (request: Omit<IdentityRequest, 'project'>) => Promise<IdentityAnswer>
  > => {
    const store = await open();
    const project = nextProject();
    return async (request) => {
      // Batches of one millisecond were seen at the same time, and text decides; these are to be apart.
      await sleep(2);
      return store.resolve({ project, ...request });
    };
  };

  describe(`${name} as an identity store`, () => {
    it('makes an identifier that was never seen its own user', async () => {
      const resolve = await start();
      const answer = await resolve(batch(['ann', device(1)]));
      expect([...answer.canonical]).toEqual([
        ['ann', 'ann'],
        [device(1), device(1)],
      ]);
      expect(answer.outcomes).toEqual([]);
    });

    it('keeps projects apart', async () => {
      const store = await open();
      const [one, other] = [nextProject(), nextProject()];
      await store.resolve({
        project: one,
        ...batch([device(1)], [['identify', device(1), 'ann']]),
      });
      const answer = await store.resolve({ project: other, ...batch(['ann']) });
      expect(answer.canonical.get('ann')).toBe('ann');
    });

    it('lets a new user id join the anonymous history, whose id stays canonical', async () => {
      const resolve = await start();
      await resolve(batch([device(1)]));
      const answer = await resolve(batch(['ann'], [['identify', device(1), 'ann']]));
      expect(told(answer.outcomes)).toEqual([`joined ann > ${device(1)}`]);
      expect(answer.canonical.get('ann')).toBe(device(1));
      expect((await resolve(batch(['ann']))).canonical.get('ann')).toBe(device(1));
    });

    it('unites two histories under the one that was seen first', async () => {
      const resolve = await start();
      await resolve(batch(['ann']));
      await resolve(batch([device(2)]));
      const answer = await resolve(batch([], [['identify', device(2), 'ann']]));
      expect(told(answer.outcomes)).toEqual([`united ${device(2)} > ann`]);
      expect((await resolve(batch([device(2)]))).canonical.get(device(2))).toBe('ann');
    });

    it('resolves the records before a link in the same batch like those after it', async () => {
      const resolve = await start();
      const answer = await resolve(
        batch(
          [device(1), 'ann', device(2)],
          [
            ['identify', device(1), 'ann'],
            ['identify', device(2), 'ann'],
          ],
        ),
      );
      expect(new Set(answer.canonical.values())).toEqual(new Set([device(1)]));
    });

    it('says nothing about a link that holds already', async () => {
      const resolve = await start();
      await resolve(batch([], [['device', device(1), 'ann']]));
      const again = await resolve(
        batch(
          [],
          [
            ['device', device(1), 'ann'],
            ['identify', device(1), 'ann'],
          ],
        ),
      );
      expect(again.outcomes).toEqual([]);
    });

    it('never merges two known users by $identify or a shared device', async () => {
      const resolve = await start();
      await resolve(batch([], [['identify', device(1), 'ann']]));
      const answer = await resolve(
        batch(
          [],
          [
            ['identify', device(1), 'bob'],
            ['device', device(1), 'bob'],
            ['identify', 'ann', 'bob'],
          ],
        ),
      );
      expect(told(answer.outcomes)).toEqual([
        'refused already_identified',
        'refused already_identified',
        'refused anonymous_id_invalid',
      ]);
      expect(answer.canonical.get('bob')).toBe('bob');
      expect(answer.canonical.get('ann')).toBe(answer.canonical.get(device(1)));
    });

    it('knows a user whose id has the form of an anonymous one', async () => {
      const uuid = '18f0c3a2-5b1e-4c6d-9f3a-2b7c8d9e0f11';
      const resolve = await start();
      await resolve(batch([uuid]));
      await resolve(batch([], [['identify', device(1), uuid]]));
      const answer = await resolve(batch([], [['identify', uuid, 'bob']]));
      expect(told(answer.outcomes)).toEqual(['refused already_identified']);
    });

    it('follows chains and is not caught in a cycle', async () => {
      const resolve = await start();
      await resolve(batch(['a']));
      await resolve(batch([], [['alias', 'b', 'a']]));
      await resolve(batch([], [['alias', 'c', 'b']]));
      const answer = await resolve(batch([], [['alias', 'a', 'c']]));
      expect(answer.outcomes).toEqual([]);
      expect([...answer.canonical.values()]).toEqual(['a', 'a']);
    });

    it('lets an alias point to one user only', async () => {
      const resolve = await start();
      await resolve(batch(['ann'], [['alias', 'nick', 'ann']]));
      const answer = await resolve(batch(['bob'], [['alias', 'nick', 'bob']]));
      expect(told(answer.outcomes)).toEqual(['refused alias_taken']);
      expect(answer.canonical.get('nick')).toBe('ann');
    });

    it('does not let a faulty client merge everybody into one', async () => {
      const resolve = await start();
      const max = limits.identifiersPerUserMax;
      const links = Array.from(
        { length: max + 1 },
        (_, n) => ['device', device(n + 1), 'ann'] as const,
      );
      const answer = await resolve(batch(['ann'], links));
      expect(told(answer.outcomes).filter((text) => text.startsWith('joined'))).toHaveLength(
        max - 1,
      );
      expect(told(answer.outcomes).slice(-2)).toEqual([
        'refused too_many_identifiers',
        'refused too_many_identifiers',
      ]);
      expect(answer.canonical.get(device(max + 1))).toBe(device(max + 1));
    });

    it('leaves an identifier it cannot hold alone', async () => {
      const resolve = await start();
      const bad = 'a\u0000b';
      const answer = await resolve(batch([bad], [['alias', bad, 'ann']]));
      expect(told(answer.outcomes)).toEqual(['refused invalid_identifier']);
      expect(answer.canonical.get(bad)).toBe(bad);
    });

    it.each(['undefined', 'NULL', '0', '00000000-0000-0000-0000-000000000000'])(
      'never makes strangers one user through "%s", which identifies nobody',
      async (nobody) => {
        const resolve = await start();
        const given = [nobody, `$device:${nobody}`, 'ann', 'bob', device(1), device(2)];
        const answer = await resolve(
          batch(given, [
            ['identify', device(1), nobody],
            ['identify', `$device:${nobody}`, 'ann'],
            ['alias', nobody, 'ann'],
            ['alias', 'bob', nobody],
            ['device', device(2), nobody],
            ['device', `$device:${nobody}`, 'bob'],
          ]),
        );
        expect(told(answer.outcomes)).toEqual(Array(6).fill('refused invalid_identifier'));
        for (const id of given) expect(answer.canonical.get(id)).toBe(id);
      },
    );

    it('gives a redelivered batch the outcomes of the first time', async () => {
      const resolve = await start();
      await resolve(batch(['ann']));
      await resolve(batch([device(1)]));
      const request = batch(
        [],
        [
          ['identify', device(1), 'ann'],
          ['identify', device(1), 'bob'],
        ],
      );
      const first = await resolve(request);
      await resolve(batch([], [['identify', device(7), 'ann']]));
      const second = await resolve({ ...request, redelivered: true });
      expect(told(second.outcomes)).toEqual(told(first.outcomes));
      expect(told(first.outcomes)).toEqual([
        `united ${device(1)} > ann`,
        'refused already_identified',
      ]);
      expect(second.canonical).toEqual(first.canonical);
    });

    it('tells by which links an identifier came to be the user it is', async () => {
      const store = await open();
      const project = nextProject();
      const resolve = async (
        request: Omit<IdentityRequest, 'project'>,
      ): Promise<IdentityAnswer> => {
        await sleep(2);
        return store.resolve({ project, ...request });
      };
      await resolve(batch([device(1)]));
      await resolve(batch(['ann']));
      await resolve(batch([], [['alias', 'ann@example.com', 'ann']]));
      await resolve(batch([], [['identify', device(1), 'ann']]));
      await resolve(batch(['bob']));
      const users = new Map([
        ['ann@example.com', device(1)],
        ['ann', device(1)],
        ['bob', 'bob'],
      ]);
      const unions = await store.unions(project, users);
      const ways = [...users.keys()].map((identifier) =>
        (unions.get(identifier) ?? []).map(({ loser, winner }) => ({ loser, winner })),
      );
      // The address had nothing when it joined.
      const union = { loser: 'ann', winner: device(1) };
      expect(ways).toEqual([[union], [union], []]);
      expect(await store.unions(project, users)).toEqual(unions);
    });
  });
}
