import { expect, test } from 'vitest';
import { querySchema, type PropertyRef } from '@arbor/schema/query';
import type { EventName } from '@arbor/schema/catalog';
import { decodeState, encodeState } from '#report/url-state.ts';
import {
  didProperties,
  figuresQuery,
  initialState,
  insightsOf,
  knowsEntries,
  knowsSessions,
  listQuery,
  metricOf,
  pageProperty,
  tabProperty,
  viewEvent,
  webStateSchema,
  withRow,
} from './state.ts';

const asked = { timezone: 'Europe/Berlin', nowMs: Date.UTC(2026, 2, 30), event: 'Page viewed' };
const browser = { scope: 'event', name: '$browser' } as const;
const referrer = { scope: 'event', name: '$referring_domain' } as const;
const by = (property: PropertyRef) => ({
  ...initialState,
  ...withRow(initialState, property, { type: 'string', text: 'x' }),
});

test('takes for page views what is called so most often, unless another event was chosen', () => {
  const names = [
    ['Signed up', 900],
    ['Page View', 20],
    ['$mp_web_page_view', 500],
  ].map(([name, count]) => ({ name, count }) as EventName);
  expect(viewEvent(initialState, names)).toBe('$mp_web_page_view');
  expect(viewEvent({ ...initialState, event: 'Opened' }, names)).toBe('Opened');
  expect(viewEvent(initialState, names.slice(0, 1))).toBeNull();
});

test('tells pages apart by the path where it was sent', () => {
  expect(pageProperty(new Set(['page', 'current_url_path'])).name).toBe('current_url_path');
  expect(pageProperty(new Set(['page'])).name).toBe('page');
  expect(pageProperty(new Set()).name).toBe('$current_url');
});

test('asks queries that the API takes', () => {
  for (const state of [initialState, by(browser), by(referrer)]) {
    expect(querySchema.safeParse(figuresQuery(state, asked)).error).toBeUndefined();
    const listed = { property: referrer, of: 'views' } as const;
    expect(querySchema.safeParse(listQuery(state, listed, asked)).error).toBeUndefined();
  }
});

test('leaves out what sessions do not keep, and finds the other figures where they then stand', () => {
  expect(knowsSessions(by(browser))).toBe(true);
  expect(knowsSessions(by(referrer))).toBe(false);
  const standsAt = (state: typeof initialState) => {
    const { metrics, formulas = [] } = figuresQuery(state, asked);
    const known = knowsSessions(state);
    const at = metricOf('viewsPerSession', known) ?? -1;
    return [at - metrics.length, formulas[at - metrics.length]?.expression];
  };
  expect(standsAt(by(browser))).toEqual([0, 'C / B']);
  expect(standsAt(by(referrer))).toEqual([0, 'C / B']);
  expect(metricOf('bounce', true)).toBe(7);
  expect(metricOf('bounce', false)).toBeUndefined();
});

test('knows entry pages under filters that sessions keep, and their own address', () => {
  const address = { scope: 'event', name: '$current_url' } as const;
  const path = { scope: 'event', name: 'current_url_path' } as const;
  expect([browser, address, path, referrer].map((each) => knowsEntries(by(each)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('filters by a row, one value of a property at a time', () => {
  const once = by(browser);
  const twice = withRow(once, browser, { type: 'not_set', text: '' });
  expect(twice.filters).toMatchObject([{ property: browser, operator: 'is_not_set' }]);
  expect(withRow(once, browser, { type: 'range', text: '0 – 1' })).toEqual({});
});

test('comes back from the URL as it was', () => {
  expect(decodeState(webStateSchema, encodeState(by(referrer)))).toEqual(by(referrer));
});

test('opens its numbers in Insights, where that can ask for them', () => {
  expect(insightsOf(initialState, 'Page viewed', 'sessions')).toMatchObject({
    metrics: [{ event: 'Page viewed', measure: { type: 'sessions' } }],
  });
  expect(insightsOf(initialState, 'Page viewed', 'bounce')).toBeNull();
  expect(
    insightsOf(initialState, 'Page viewed', { property: browser, of: 'entries' }),
  ).toMatchObject({ breakdown: browser, metrics: [{ event: '$session_start' }] });
});

test('counts all events, and clicks that led elsewhere, apart from page views', () => {
  const ask = (of: 'events' | 'links') =>
    listQuery(initialState, { property: didProperties[of], of }, asked);
  expect(ask('events').metrics).toMatchObject([
    { selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } },
  ]);
  const elsewhere = { property: { name: '$link_type' }, values: ['outgoing'] };
  expect(ask('links').metrics).toMatchObject([
    { selector: { anyOf: [{ event: '$mp_click', filters: [elsewhere] }] } },
  ]);
  for (const of of ['events', 'links'] as const) {
    expect(querySchema.safeParse(ask(of)).error).toBeUndefined();
    expect(
      insightsOf(initialState, 'Page viewed', { property: didProperties[of], of }),
    ).toMatchObject({
      metrics: [{ event: of === 'events' ? null : '$mp_click', measure: { type: 'total' } }],
    });
  }
});

test('reads links from before there were lists of what users did', () => {
  const { did, ...before } = initialState;
  expect(did).toBe('events');
  expect(webStateSchema.parse(before)).toEqual(initialState);
});

test('works channels and sizes out, and asks for the others by their names', () => {
  expect(tabProperty('channel').computed).toMatchObject({ type: 'formula' });
  expect(tabProperty('size').computed).toMatchObject({ type: 'formula' });
  expect(tabProperty('$os')).toEqual({ scope: 'event', name: '$os' });
  const listed = { property: tabProperty('channel'), of: 'views' } as const;
  expect(querySchema.safeParse(listQuery(initialState, listed, asked)).error).toBeUndefined();
});
