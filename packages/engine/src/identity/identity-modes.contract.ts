import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '@arbor/schema/limits';
import { describe, expect, it } from 'vitest';
import { batch, told } from './identity-store.contract.ts';
import type { IdentityRequest, IdentityStore, UndoAnswer } from './identity-store.ts';
import type { LinkRequest } from './links.ts';
import type { HeldLink } from './undo.ts';

/** A store, and the links of a project that hold, oldest first. */
export interface OpenStore {
  readonly store: IdentityStore;
  readonly links: (project: number) => Promise<readonly HeldLink[]>;
}

type Said = readonly [LinkRequest['form'], string, string];

/** `merge`s as `/import` brings them. */
function said(links: readonly Said[], given: Partial<IdentityRequest> = {}) {
  const request = batch([], links, given);
  const imported = request.links.map((link): LinkRequest => {
    return link.form === 'merge' ? { ...link, imported: true } : link;
  });
  return { ...request, links: imported };
}

/** What every store must do of merges, modes and undoing (SPEC.md). `nextProject` gives an unused project. */
export function identityModesContract(
  name: string,
  open: () => Promise<OpenStore>,
  nextProject: () => number,
): void {
  const start = async () => {
    const { store, links } = await open();
    const project = nextProject();
    const resolve = async (request: Omit<IdentityRequest, 'project'>) => {
      await sleep(2);
      return store.resolve({ project, ...request });
    };
    const usersOf = async (...identifiers: string[]): Promise<string[]> => {
      const { canonical } = await resolve(batch(identifiers));
      return identifiers.map((identifier) => canonical.get(identifier) ?? '');
    };
    const link = async (
      links: readonly Said[],
      given: Partial<IdentityRequest> = {},
    ): Promise<string[]> => told((await resolve(said(links, given))).outcomes);
    const undo = async (alias: string): Promise<UndoAnswer> => {
      const found = (await links(project)).find((one) => one.alias === alias);
      return store.undo({ project, link: found?.id ?? 999_999_999, by: 'ann' });
    };
    return { resolve, usersOf, link, undo, store, project, links };
  };

  describe(`${name} in the identity modes`, () => {
    it('merges two known users by $merge in the mode original', async () => {
      const { usersOf, link } = await start();
      await usersOf('ann');
      await usersOf('bob');
      expect(await link([['merge', 'bob', 'ann']], { mode: 'original' })).toEqual([
        'united bob > ann',
      ]);
      expect(await usersOf('bob')).toEqual(['ann']);
    });

    it('merges a chain of identifiers', async () => {
      const { usersOf, link } = await start();
      await usersOf('a', 'b', 'c');
      await link(
        [
          ['merge', 'b', 'a'],
          ['merge', 'c', 'b'],
        ],
        { mode: 'original' },
      );
      expect(await usersOf('a', 'b', 'c')).toEqual(['a', 'a', 'a']);
    });

    it('refuses $merge in the mode simplified, and where it did not come by /import', async () => {
      const { usersOf, link, resolve } = await start();
      await usersOf('ann', 'bob');
      expect(await link([['merge', 'bob', 'ann']])).toEqual(['refused merge_not_allowed']);
      const tracked = batch([], [['merge', 'bob', 'ann']], { mode: 'original' });
      expect(told((await resolve(tracked)).outcomes)).toEqual(['refused merge_not_allowed']);
      expect(await usersOf('ann', 'bob')).toEqual(['ann', 'bob']);
    });

    it('lets no merge exceed the limit of identifiers', async () => {
      const { usersOf, link } = await start();
      const max = limits.identifiersPerUserMax;
      const aliases = Array.from({ length: max - 1 }, (_, n) => ['alias', `a${n}`, 'ann'] as const);
      await link(aliases);
      await usersOf('bob');
      for (const form of ['merge', 'explicit'] as const) {
        const outcomes = await link([[form, 'bob', 'ann']], { mode: 'original' });
        expect(outcomes).toEqual(['refused too_many_identifiers']);
      }
    });

    it.each(['simplified', 'original'] as const)(
      'lets a person merge known users in the mode %s',
      async (mode) => {
        const { usersOf, link } = await start();
        await usersOf('ann');
        await usersOf('bob');
        expect(await link([['explicit', 'bob', 'ann']], { mode })).toEqual(['united bob > ann']);
        expect(await usersOf('bob')).toEqual(['ann']);
      },
    );

    it('knows only $create_alias in the mode legacy', async () => {
      const { usersOf, link } = await start();
      const mode = 'legacy';
      await usersOf('$device:1', '$device:2', 'ann', 'bob');
      const outcomes = await link(
        [
          ['identify', '$device:1', 'ann'],
          ['device', '$device:2', 'ann'],
          ['merge', 'bob', 'ann'],
          ['explicit', 'bob', 'ann'],
        ],
        { mode },
      );
      expect(outcomes).toEqual([
        'refused not_in_legacy_mode',
        'refused not_in_legacy_mode',
        'refused not_in_legacy_mode',
      ]);
      expect(await usersOf('$device:2', 'bob')).toEqual(['$device:2', 'bob']);
    });

    it('brings later records of an alias to its user in the mode legacy, whoever was seen first', async () => {
      const { usersOf, link } = await start();
      const mode = 'legacy';
      await usersOf('new');
      await usersOf('old');
      expect(await link([['alias', 'new', 'old']], { mode })).toEqual(['onward new > old']);
      expect(await usersOf('new')).toEqual(['old']);
      expect(await link([['alias', 'new', 'other']], { mode })).toEqual(['refused alias_taken']);
      expect(await link([['alias', 'newer', 'new']], { mode })).toEqual(['onward newer > old']);
    });

    it('tells a redelivered batch of the mode legacy that its alias holds for later records only', async () => {
      const { resolve, usersOf } = await start();
      await usersOf('new', 'old');
      const request = batch([], [['alias', 'new', 'old']], { mode: 'legacy' });
      await resolve(request);
      const again = await resolve({ ...request, redelivered: true });
      expect(told(again.outcomes)).toEqual(['onward new > old']);
    });
  });

  describe(`${name} undoing links`, () => {
    it('gives back two users, the later one under its own first identifier', async () => {
      const { usersOf, link, undo } = await start();
      await usersOf('ann');
      await usersOf('$device:1');
      await link([
        ['identify', '$device:1', 'ann'],
        ['device', '$device:2', 'ann'],
      ]);
      await link([['alias', 'nick', '$device:1']]);
      expect(await undo('$device:1')).toMatchObject({
        type: 'split',
        from: 'ann',
        to: '$device:1',
        identifiers: ['$device:1', 'nick'],
      });
      expect(await usersOf('ann', '$device:1', 'nick', '$device:2')).toEqual([
        'ann',
        '$device:1',
        '$device:1',
        'ann',
      ]);
    });

    it('takes the canonical id from the side that was seen later, whichever joined', async () => {
      const { usersOf, link, undo } = await start();
      await usersOf('$device:1');
      await usersOf('ann');
      await link([['identify', '$device:1', 'ann']]);
      expect(await undo('$device:1')).toMatchObject({ from: '$device:1', to: 'ann' });
    });

    it('undoes a link in the middle, and the others hold', async () => {
      const { usersOf, link, undo } = await start();
      for (const user of ['a', 'b', 'c', 'd']) await usersOf(user);
      await link([['explicit', 'b', 'a']]);
      await link([['explicit', 'd', 'c']]);
      await link([['explicit', 'c', 'b']]);
      expect(await undo('c')).toMatchObject({ from: 'a', to: 'c', identifiers: ['c', 'd'] });
      expect(await usersOf('a', 'b', 'c', 'd')).toEqual(['a', 'a', 'c', 'c']);
    });

    it('brings nobody back by links that hold and name who left', async () => {
      const { usersOf, link, undo, store, project } = await start();
      for (const user of ['d', 'a', 'x', 'c']) await usersOf(user);
      await link([['explicit', 'x', 'a']]);
      expect(await link([['explicit', 'c', 'x']])).toEqual(['united c > a']);
      expect(await link([['explicit', 'd', 'x']])).toEqual(['united a > d']);
      const users = new Map([['c', 'd']]);
      const unionsOf = async () =>
        ((await store.unions(project, users)).get('c') ?? []).map(({ loser, winner }) => [
          loser,
          winner,
        ]);
      expect(await unionsOf()).toEqual([
        ['c', 'a'],
        ['a', 'd'],
      ]);
      expect(await undo('x')).toMatchObject({ from: 'd', to: 'a', identifiers: ['a'] });
      expect(await usersOf('a', 'c', 'x')).toEqual(['a', 'd', 'd']);
      expect(await unionsOf()).toEqual([]);
    });

    it('does nothing the second time, and nothing for a link that is not there', async () => {
      const { link, undo, store, project, links, usersOf } = await start();
      await usersOf('ann');
      await link([['alias', 'nick', 'ann']]);
      const [made] = await links(project);
      expect(await undo('nick')).toMatchObject({ type: 'split', identifiers: ['nick'] });
      const again = { project, link: made.id, by: 'ann' };
      expect(await store.undo(again)).toEqual({ type: 'unchanged' });
      expect(await undo('nobody')).toEqual({ type: 'unchanged' });
      expect(await store.undo({ ...again, project: project + 1_000_000 })).toEqual({
        type: 'unchanged',
      });
    });

    it('lets no client make again what a person took back, but a person', async () => {
      const { usersOf, link, undo } = await start();
      await link([['device', '$device:1', 'ann']]);
      await undo('$device:1');
      const again: Said[] = [
        ['device', '$device:1', 'ann'],
        ['identify', '$device:1', 'ann'],
        ['alias', 'ann', '$device:1'],
        ['merge', 'ann', '$device:1'],
      ];
      expect(await link(again, { mode: 'original' })).toEqual(Array(4).fill('refused taken_back'));
      // The device is nobody's again: another user may have it.
      expect(await link([['device', '$device:1', 'bob']])).toHaveLength(1);
      expect(await usersOf('bob')).toEqual(await usersOf('$device:1'));
      expect(await link([['explicit', '$device:1', 'ann']])).toHaveLength(1);
      expect(new Set(await usersOf('ann', 'bob', '$device:1')).size).toBe(1);
    });

    it('undoes an alias of the mode legacy', async () => {
      const { usersOf, link, undo } = await start();
      await usersOf('old', 'new');
      await link([['alias', 'new', 'old']], { mode: 'legacy' });
      expect(await undo('new')).toMatchObject({ from: 'old', to: 'new', identifiers: ['new'] });
      expect(await usersOf('new')).toEqual(['new']);
    });

    it('decides anew about a batch that is delivered again after its link was taken back', async () => {
      const { resolve, undo, usersOf } = await start();
      await usersOf('ann');
      await usersOf('$device:1');
      const request = batch([], [['identify', '$device:1', 'ann']]);
      await resolve(request);
      await undo('$device:1');
      const again = await resolve({ ...request, redelivered: true });
      expect(told(again.outcomes)).toEqual(['refused taken_back']);
      expect(again.canonical.get('$device:1')).toBe('$device:1');
    });
  });
}
