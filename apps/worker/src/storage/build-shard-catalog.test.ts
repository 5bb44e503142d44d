import type { StoredCatalogFile } from '@arbor/db/catalog';
import { expect, it } from 'vitest';
import { buildShardCatalog, engineFileOf } from './build-shard-catalog.ts';

const meta = {
  rowCount: 2,
  oddRowCount: 0,
  lastTime: 0,
  hides: [],
  isUnsearched: false,
  events: [{ name: 'View', rowCount: 2, userCount: 1 }],
  properties: [{ name: 'n', typeCounts: [0, 2] }],
};
const file = (key: string, change: Partial<StoredCatalogFile> = {}): StoredCatalogFile => ({
  key,
  kind: 'segment',
  project: 7,
  day: 19_000,
  generation: 1,
  bytes: 1,
  rowCount: 2,
  meta,
  ...change,
});
const small = (key: string, kind: 'users' | 'people' | 'covered', generation: number) =>
  file(key, { kind, generation, day: null, meta: {}, project: kind === 'covered' ? 0 : 7 });

function build(...list: StoredCatalogFile[]) {
  const files = new Map(list.map((one) => [one.key, one]));
  const fetched = new Map(list.map((one) => [one.key, engineFileOf(one, `/files/${one.key}`)]));
  return buildShardCatalog({ shard: 3, version: 9, revision: 'r', files }, fetched);
}

it('sorts files by project and kind, in the order of generations', () => {
  const catalog = build(
    small('u2', 'users', 5),
    file('s'),
    small('c2', 'covered', 2),
    small('p', 'people', 1),
    small('u1', 'users', 2),
    file('other', { project: 8, day: 3, generation: 4 }),
    small('c1', 'covered', 1),
  );
  const entry = (id: string) => ({ id, path: `/files/${id}` });
  expect(catalog).toEqual({
    version: 9,
    covered: [entry('c1'), entry('c2')],
    projects: new Map([
      [
        7,
        {
          users: [entry('u1'), entry('u2')],
          people: [entry('p')],
          segments: [{ ...entry('s'), day: 19_000, generation: 1, meta }],
        },
      ],
      [
        8,
        { users: [], people: [], segments: [{ ...entry('other'), day: 3, generation: 4, meta }] },
      ],
    ]),
  });
});

it('refuses a segment whose description it cannot read', () => {
  const bad = file('s', { meta: { ...meta, events: 'View' } });
  expect(() => engineFileOf(bad, '/s')).toThrow(
    'catalog: segment s has no day, or a description that cannot be read',
  );
});
