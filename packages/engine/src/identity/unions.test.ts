import { expect, it } from 'vitest';
import { type LoggedLink, unionsOnTheWay } from './unions.ts';

const link = (id: number, loser: string, winner: string, united = true): LoggedLink => ({
  id,
  loser,
  winner,
  united,
});

it('names the links on the way to the user, and no others', () => {
  const log = [link(3, 'account', 'device'), link(1, 'name', 'account'), link(2, 'bob', 'tablet')];
  expect(unionsOnTheWay(new Map([['name', 'device']]), log)).toEqual(
    new Map([
      [
        'name',
        [
          { id: 1, loser: 'name', winner: 'account' },
          { id: 3, loser: 'account', winner: 'device' },
        ],
      ],
    ]),
  );
});

it('stops at the user that was asked about, though he was merged since', () => {
  const log = [link(1, 'name', 'device'), link(2, 'device', 'older')];
  expect(unionsOnTheWay(new Map([['name', 'device']]), log).get('name')).toEqual([
    { id: 1, loser: 'name', winner: 'device' },
  ]);
});

it('leaves out those who only joined, but follows them', () => {
  const log = [link(1, 'name', 'account', false), link(2, 'account', 'device')];
  expect(unionsOnTheWay(new Map([['name', 'device']]), log).get('name')).toEqual([
    { id: 2, loser: 'account', winner: 'device' },
  ]);
});

it('goes the way of the latest link of who was united again', () => {
  const log = [link(2, 'name', 'device'), link(1, 'name', 'tablet')];
  expect(unionsOnTheWay(new Map([['name', 'device']]), log).get('name')).toEqual([
    { id: 2, loser: 'name', winner: 'device' },
  ]);
});

it('says nothing where the way leads elsewhere, ends or goes in a circle', () => {
  const users = new Map([
    ['name', 'device'],
    ['lost', 'device'],
    ['round', 'device'],
  ]);
  const log = [link(1, 'name', 'tablet'), link(2, 'round', 'about'), link(3, 'about', 'round')];
  expect(unionsOnTheWay(users, log)).toEqual(
    new Map([
      ['name', []],
      ['lost', []],
      ['round', []],
    ]),
  );
});
