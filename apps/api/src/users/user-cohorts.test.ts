import type { Query } from '@arbor/schema/query';
import { beforeEach, expect, test } from 'vitest';
import { ApiError } from '../errors.ts';
import { cohortsMax, cohortsOf } from './user-cohorts.ts';

type Queries = Parameters<typeof cohortsOf>[0];
const project = { id: 1 } as Parameters<typeof cohortsOf>[1]['project'];
const charged: number[] = [];
const charge = (requests: number): void => void charged.push(requests);
const of = { project, user: 'ann', signal: new AbortController().signal, charge };
beforeEach(() => void charged.splice(0));

function idOf(query: Query): string {
  if (query.type !== 'cohort') throw new Error(query.type);
  const [user, cohort] = query.filters;
  expect(user).toMatchObject({ property: { name: '$distinct_id' }, values: ['ann'] });
  const named = cohort?.type === 'cohort' ? cohort.cohorts[0] : undefined;
  if (named?.type !== 'saved') throw new Error('no saved cohort');
  return named.id;
}

const answering = (isIn: (id: string) => boolean): Queries =>
  ({
    run: async ({ query }: { readonly query: Query }) => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return { result: { type: 'cohort', users: isIn(idOf(query)) ? 1 : 0 } };
    },
  }) as unknown as Queries;

const saved = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `c${n}`, name: `Cohort ${n}` }));

test('tells the cohorts a user is in, in their order, and whether there are more than were asked', async () => {
  const isIn = (id: string): boolean => Number(id.slice(1)) % 3 === 0;
  const few = await cohortsOf(answering(isIn), of, saved(7));
  expect(few.cohorts.map(({ name }) => name)).toEqual(['Cohort 0', 'Cohort 3', 'Cohort 6']);
  expect(few.more).toBe(false);
  const many = await cohortsOf(
    answering(() => true),
    of,
    saved(cohortsMax + 1),
  );
  expect([many.cohorts.length, many.more]).toEqual([cohortsMax, true]);
  // Against the limits of who asks, each question is a request.
  expect(charged).toEqual([6, cohortsMax - 1]);
});

test('leaves out a cohort that cannot be asked any more, and fails where nothing can be', async () => {
  const failing = (code: 'INVALID_QUERY' | 'TIMEOUT'): Queries =>
    answering((id) => {
      if (id === 'c1') throw new ApiError(code, 'no such event');
      return true;
    });
  const { cohorts } = await cohortsOf(failing('INVALID_QUERY'), of, saved(3));
  expect(cohorts.map(({ id }) => id)).toEqual(['c0', 'c2']);
  await expect(cohortsOf(failing('TIMEOUT'), of, saved(3))).rejects.toThrow('no such event');
  // Nothing more is asked once nobody gets an answer: the first of every lane, and none after it.
  let asked = 0;
  const counting = answering(() => {
    asked++;
    throw new ApiError('TIMEOUT', 'too slow');
  });
  await expect(cohortsOf(counting, of, saved(cohortsMax))).rejects.toThrow('too slow');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toBeLessThanOrEqual(8);
});
