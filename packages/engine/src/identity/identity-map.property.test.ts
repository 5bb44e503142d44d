import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryIdentityStore } from './memory-identity-store.ts';
import type { LinkRequest } from './links.ts';

const names = ['ann', 'bob', 'cat', '$device:1', '$device:2', '$device:3', '$device:4'];
const link = fc.record({
  form: fc.constantFrom<LinkRequest['form'][]>('identify', 'alias', 'device'),
  alias: fc.constantFrom(...names),
  user: fc.constantFrom(...names),
});
const links = fc.array(link, { maxLength: 20 });

type Link = { form: LinkRequest['form']; alias: string; user: string };

/** Applies each link as a batch of its own; answers the clusters as sorted text. */
async function clustersAfter(given: readonly Link[]): Promise<{ accepted: Link[]; text: string }> {
  const store = new MemoryIdentityStore();
  const accepted: Link[] = [];
  let batch = 0;
  const resolve = (requests: LinkRequest[]) =>
    store.resolve({
      project: 1,
      batchId: `batch-${batch++}`,
      identifiers: names,
      links: requests,
      redelivered: false,
    });
  for (const one of given) {
    if (one.alias === one.user) continue;
    const { outcomes } = await resolve([{ ...one, position: 0 }]);
    if (outcomes.every(({ type }) => type !== 'refused')) accepted.push(one);
  }
  const { canonical } = await resolve([]);
  for (const user of canonical.values()) expect(canonical.get(user)).toBe(user);
  const groups = names.map((name) => names.filter((n) => canonical.get(n) === canonical.get(name)));
  return { accepted, text: JSON.stringify(groups) };
}

it('is idempotent: the same links twice give the same clusters', async () => {
  await fc.assert(
    fc.asyncProperty(links, async (given) => {
      const once = await clustersAfter(given);
      const twice = await clustersAfter([...once.accepted, ...once.accepted]);
      expect(twice.text).toBe(once.text);
    }),
    { numRuns: 200 },
  );
});

it('is commutative: the order of accepted links does not decide who is one user', async () => {
  await fc.assert(
    fc.asyncProperty(links, fc.infiniteStream(fc.nat()), async (given, seeds) => {
      const { accepted, text } = await clustersAfter(given);
      const keyed = accepted.map((one) => ({ one, key: Number(seeds.next().value) }));
      const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
      const other = await clustersAfter(shuffled);
      // Another order may have one of them refused; when it accepts all, the clusters are equal.
      fc.pre(other.accepted.length === accepted.length);
      expect(other.text).toBe(text);
    }),
    { numRuns: 200 },
  );
});
