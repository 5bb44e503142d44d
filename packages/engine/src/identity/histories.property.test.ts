import type { IdentityMode, LinkForm } from '@arbor/schema/identity';
import { limits } from '@arbor/schema/limits';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../test/model/property-runs.ts';
import { kindOfForm } from './identifier.ts';
import type { IdentityRequest } from './identity-store.ts';
import type { LinkRequest } from './links.ts';
import { MemoryIdentityStore } from './memory-identity-store.ts';

/*
 * Random histories of links of every form, repeats, batches delivered again, changes of the mode and links taken back,
 * against a model that knows nothing of canonical ids and counts: a set of sets, made anew from the links that hold.
 */

const names = ['ann', 'bob', 'cat', 'dan', ...[1, 2, 3, 4].map((n) => `$device:${n}`)];
const name = fc.constantFrom(...names);
const link = fc.record({
  form: fc.constantFrom<LinkForm[]>('identify', 'alias', 'device', 'merge', 'explicit'),
  alias: name,
  user: name,
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ links: fc.array(link, { maxLength: 3, size: 'max' }) }) },
  { weight: 1, arbitrary: fc.record({ again: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ undo: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      mode: fc.constantFrom<IdentityMode[]>('simplified', 'original', 'legacy'),
    }),
  },
);
const history = fc.array(step, { maxLength: 30, size: 'max' });

type Link = { form: LinkForm; alias: string; user: string };
type Made = Link & { id: number };

/** Who is one user, and which link is refused, said as plainly as can be. */
class Truth {
  #made: Made[] = [];
  #takenBack: Link[] = [];
  #known = new Set<string>(names.filter((each) => kindOfForm(each) === 'identified'));
  mode: IdentityMode = 'simplified';

  get links(): readonly Made[] {
    return this.#made;
  }

  userOf(identifier: string): Set<string> {
    const user = new Set([identifier]);
    for (let size = 0; size < user.size;) {
      size = user.size;
      for (const each of this.#made) {
        if (user.has(each.alias) || user.has(each.user)) user.add(each.alias).add(each.user);
      }
    }
    return user;
  }

  /** Whether the link changes who is one user. */
  says(given: Link): boolean {
    const accepted = this.#accepts(given);
    const namesUser = given.form === 'identify' || given.form === 'device';
    const isSilent = this.mode === 'legacy' && given.form === 'device';
    if (namesUser && !isSilent) this.#known.add(given.user);
    return accepted;
  }

  make(made: Made): void {
    this.#made.push(made);
  }

  undo(id: number): void {
    const [undone] = this.#made.filter((each) => each.id === id);
    this.#made = this.#made.filter((each) => each.id !== id);
    this.#takenBack.push(undone);
  }

  #accepts({ form, alias, user }: Link): boolean {
    const [own, other] = [this.userOf(alias), this.userOf(user)];
    if (own.has(user)) return false;
    const wasTakenBack = this.#takenBack.some(
      (each) =>
        (each.alias === alias && each.user === user) ||
        (each.alias === user && each.user === alias),
    );
    if (wasTakenBack && form !== 'explicit') return false;
    if (own.size + other.size > limits.identifiersPerUserMax) return false;
    if (this.mode === 'legacy' && form !== 'alias') return false;
    switch (form) {
      case 'explicit':
        return true;
      case 'merge':
        return this.mode === 'original';
      case 'alias':
        return own.size === 1;
      case 'identify':
        return alias.startsWith('$device:') && ![...own].some((each) => this.#known.has(each));
      case 'device':
        return ![...own].some((each) => this.#known.has(each));
    }
  }
}

class History {
  readonly truth = new Truth();
  readonly store = new MemoryIdentityStore();
  /** Where the store and the truth differ, in words. */
  readonly faults: string[] = [];
  #sent: IdentityRequest[] = [];

  async say(links: readonly Link[]): Promise<void> {
    const requests = links
      .filter(({ alias, user }) => alias !== user)
      .map((each, position): LinkRequest => ({ ...each, position, imported: true }));
    const request: IdentityRequest = {
      project: 1,
      batchId: `history-${this.#sent.length}`,
      identifiers: names,
      links: requests,
      redelivered: false,
      mode: this.truth.mode,
    };
    this.#sent.push(request);
    await this.#deliver(request);
  }

  async repeat(n: number): Promise<void> {
    const request = this.#sent[n % Math.max(1, this.#sent.length)];
    // A setting is read when the batch is resolved.
    const { mode } = this.truth;
    if (request !== undefined) await this.#deliver({ ...request, mode, redelivered: true });
  }

  async undo(n: number): Promise<void> {
    const held = this.truth.links;
    if (held.length === 0) return;
    const { id, alias, user } = held[n % held.length];
    const answer = await this.store.undo({ project: 1, link: id, by: 'ann' });
    this.truth.undo(id);
    if (answer.type !== 'split') {
      this.faults.push(`undoing ${alias} ${user}: ${answer.type}`);
      return;
    }
    const [one, other] = [this.truth.userOf(alias), this.truth.userOf(user)];
    const leaves = one.has(answer.to) ? one : other;
    this.#compare(`left with ${answer.to}`, answer.identifiers, leaves);
    if (leaves.has(answer.from)) this.faults.push(`${answer.from} lost its own identifier`);
  }

  async check(): Promise<void> {
    const { canonical } = await this.store.resolve({
      project: 1,
      batchId: 'look',
      identifiers: names,
      links: [],
      redelivered: false,
    });
    for (const each of names) {
      const user = canonical.get(each) ?? '';
      const same = names.filter((other) => canonical.get(other) === user);
      this.#compare(`one user with ${each}`, same, this.truth.userOf(each));
      if (!same.includes(user)) this.faults.push(`${user} is not of its own user`);
    }
  }

  async #deliver(request: IdentityRequest): Promise<void> {
    const before = new Set(this.store.links(1).map(({ id }) => id));
    await this.store.resolve(request);
    const made = this.store.links(1).filter(({ id }) => !before.has(id));
    for (const { form, alias, user } of request.links) {
      const [next] = made;
      const isMade = next?.form === form && next.alias === alias && next.joined === user;
      if (this.truth.says({ form, alias, user }) !== isMade) {
        this.faults.push(`${form} ${alias} ${user} was ${isMade ? 'made' : 'not made'}`);
      }
      if (next === undefined || !isMade) continue;
      this.truth.make({ form, alias, user, id: next.id });
      made.shift();
    }
    if (made.length > 0) this.faults.push(`${made.length} links that nobody said`);
  }

  #compare(what: string, actual: Iterable<string>, expected: Iterable<string>): void {
    const [own, right] = [[...actual].sort().join(), [...expected].sort().join()];
    if (own !== right) this.faults.push(`${what}: ${own} instead of ${right}`);
  }
}

it('knows who is one user after any history of links, repeats, modes and links taken back', async () => {
  expect.hasAssertions();
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const run = new History();
      for (const each of steps) {
        if ('links' in each) await run.say(each.links);
        else if ('again' in each) await run.repeat(each.again);
        else if ('undo' in each) await run.undo(each.undo);
        else run.truth.mode = each.mode;
        await run.check();
      }
      expect(run.faults).toEqual([]);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

it('gives everybody back alone when every link is taken back, in whatever order', async () => {
  expect.hasAssertions();
  const undos = fc.array(fc.nat(30), { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(link, { maxLength: 20, size: 'max' }),
      undos,
      async (links, order) => {
        const run = new History();
        run.truth.mode = 'original';
        for (const each of links) await run.say([each]);
        for (const n of order) {
          await run.undo(n);
          await run.check();
        }
        expect(run.faults).toEqual([]);
        expect(names.map((each) => run.truth.userOf(each).size)).toEqual(names.map(() => 1));
      },
    ),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
