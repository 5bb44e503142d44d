import { expect, it } from 'vitest';
import { Slices } from '../../base/slices.ts';
import { PeopleBase } from './people-base.ts';
import { PeopleLayer } from './people-layer.ts';
import { peoplePiece } from './people-piece.ts';

const count = 20_000;

async function base(): Promise<PeopleBase> {
  const profiles = Array.from(
    { length: count },
    (_, i) => [i + 1, new Map([['email', `${i}@example.com`]])] as const,
  );
  const piece = await peoplePiece({ project: 1, shard: 0 }, profiles, new Slices(() => 0));
  return new PeopleBase([new PeopleLayer(piece)], count);
}

it('makes a column of very many values in steps, the same as at once', async () => {
  const [stepped, plain] = [await base(), await base()];
  const steps = stepped.prepare(new Set(['email', 'other']));
  let pauses = 0;
  while (steps?.next().done === false) pauses++;
  expect(pauses).toBeGreaterThan(2);
  expect(stepped.column('email')?.codes).toEqual(plain.column('email')?.codes);
  expect(stepped.column('email')?.dictionary.values).toEqual(
    plain.column('email')?.dictionary.values,
  );
  expect(stepped.column('other')).toBeUndefined();
  expect(stepped.prepare(new Set(['email', 'other']))).toBeNull();
});

it('keeps the column that was asked for while the steps were under way', async () => {
  const people = await base();
  const steps = people.prepare(new Set(['email']));
  steps?.next();
  const column = people.column('email');
  while (steps?.next().done === false);
  expect(people.column('email')).toBe(column);
});
