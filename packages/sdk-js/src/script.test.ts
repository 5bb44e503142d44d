import { expect, test } from 'vitest';
import type { Client } from './arbor.ts';
import { createClientOver } from './client.ts';
import { nowhere } from './nowhere.ts';
import { createGlobal } from './script.ts';

/** Writes down the calls it gets. */
function recordingClient(): { client: Client; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const record =
    (name: string) =>
    (...given: unknown[]): void => {
      calls.push([name, ...given]);
    };
  const client: Client = {
    ...createClientOver('', { consent: 'denied' }, nowhere),
    track: record('track'),
    people: { ...createClientOver('', { consent: 'denied' }, nowhere).people, set: record('set') },
  };
  return { client, calls };
}

test('makes calls that were pushed before init in order, once there is a project', () => {
  const { client, calls } = recordingClient();
  const starts: unknown[] = [];
  const arbor = createGlobal((...given) => {
    starts.push(given);
    return client;
  });
  arbor.push(['track', 'Early', { n: 1 }], ['people.set', { plan: 'pro' }]);
  arbor.push(['track', 'Second']);
  expect(calls).toEqual([]);
  arbor.push(['init', 'TOKEN', { host: 'https://stats.example.com' }]);
  expect(starts).toEqual([['TOKEN', { host: 'https://stats.example.com' }]]);
  expect(calls).toEqual([
    ['track', 'Early', { n: 1 }],
    ['set', { plan: 'pro' }],
    ['track', 'Second'],
  ]);
});

test('keeps the first project when init is called again', () => {
  const arbor = createGlobal(() => recordingClient().client);
  expect(arbor.init('A')).toBe(arbor.init('B'));
});

test('ignores calls that make no sense', () => {
  const { client, calls } = recordingClient();
  const arbor = createGlobal(() => client);
  arbor.init('A');
  arbor.push(
    null,
    7,
    [],
    ['nothing'],
    ['people'],
    ['people.nothing'],
    ['constructor.constructor', 'x'],
  );
  expect(calls).toEqual([]);
});

test('bounds what waits for an init that never comes', () => {
  const { client, calls } = recordingClient();
  const arbor = createGlobal(() => client);
  for (let i = 0; i < 600; i++) arbor.push(['track', `e${i}`]);
  arbor.init('A');
  expect(calls).toHaveLength(500);
});
