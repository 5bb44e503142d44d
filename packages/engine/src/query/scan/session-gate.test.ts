import { querySchema, type QueryInput } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { noDefinitions } from '../plan/plan-scope.ts';
import { planQuery } from '../plan/plan.ts';
import type { SessionsPlan } from '../plan/plan-types.ts';
import { sessionGate, type SessionGate } from './session-gate.ts';

type Funnel = Partial<Extract<QueryInput, { type: 'funnel' }>>;

const of = (event: string | null) => ({ anyOf: [{ event }] });
const steps = [of('A'), of('B')];

function gateOf(options: Funnel, sessions: Partial<SessionsPlan> = {}): SessionGate | null {
  const definitions = { ...noDefinitions, sessions: { ...noDefinitions.sessions, ...sessions } };
  const context = { timezone: 'UTC', weekStart: 1, nowMs: 0, shardCount: 1, definitions };
  const query = { type: 'funnel', range: { from: '2024-03-04', to: '2024-03-05' }, steps };
  const asked = querySchema.parse({ ...query, window: { value: 2, unit: 'session' }, ...options });
  const plan = planQuery(asked, context);
  return plan.type === 'funnel' ? sessionGate(plan) : null;
}

test('keeps the rows of steps and exclusions, and follows the first entry over its sessions', () => {
  const gate = gateOf({ exclusions: [{ selector: of('C'), from: 0, to: 1 }] });
  expect(gate).toMatchObject({ sessions: 2, isFirstAlone: true });
  expect([...(gate?.kept ?? [])]).toEqual(['A', 'B', 'C']);
  expect([...(gate?.entries ?? [])]).toEqual(['A']);
});

test('every session has an entry of its own where sessions are counted', () => {
  const gate = gateOf({ counting: 'sessions', window: { value: 1, unit: 'session' } });
  expect(gate).toMatchObject({ sessions: 1, isFirstAlone: false });
});

test('any of the steps before an anchor begins an attempt', () => {
  expect([...(gateOf({ order: 'any' })?.entries ?? [])]).toEqual(['A', 'B']);
});

test('events of the protocol and those that the project leaves out are in no session', () => {
  const isOutside = gateOf({}, { excluded: ['C'] })?.isOutside;
  expect(['A', 'C', '$identify', '$session_start'].map((name) => isOutside?.(name))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('leaves to whole rows what more than times of other events decide', () => {
  const firstTime = { anyOf: [{ event: 'A', firstTime: 'event' as const }] };
  const options: Funnel[] = [
    { window: { value: 1, unit: 'day' } },
    { order: 'strict' },
    { graceMs: 1 },
    { steps: [of('A'), of(null)] },
    { steps: [of('A'), of('$session_end')] },
    { steps: [firstTime, of('B')] },
  ];
  for (const own of options) expect(gateOf(own)).toBeNull();
  expect(gateOf({}, { mode: { type: 'property', name: 'p' } })).toBeNull();
});
