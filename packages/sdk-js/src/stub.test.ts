import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { stub } from './stub.ts';

/** A page after the stub and these lines. */
function pageAfter(lines: string, before = ''): { arbor: unknown[] } {
  const page = { window: {} as { arbor: unknown[] }, Date: { now: () => 5000 } };
  runInNewContext(`${before};${stub};var arbor=window.arbor;${lines}`, page);
  return page.window;
}
const callsOf = (page: { arbor: unknown[] }): unknown =>
  JSON.parse(JSON.stringify([...page.arbor])) as unknown;

test('keeps calls in order, and the time of each event', () => {
  const page = pageAfter(
    `arbor.track('a',{n:1});arbor.people.set({plan:'pro'});arbor.track('b',{},{time:7,urgent:true})`,
  );
  expect(callsOf(page)).toEqual([
    ['track', 'a', { n: 1 }, { time: 5000 }],
    ['people.set', { plan: 'pro' }, null, null],
    ['track', 'b', {}, { time: 7, urgent: true }],
  ]);
});

test('bounds what waits for a script that never comes', () => {
  expect(pageAfter(`for(var i=0;i<600;i++)arbor.track('e')`).arbor).toHaveLength(500);
});

test('leaves a client alone that is there already', () => {
  expect(pageAfter('', 'window.arbor=7').arbor).toBe(7);
});
