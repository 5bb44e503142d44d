import type { Json } from './openapi-parts.ts';

type Examples = Readonly<Record<string, { readonly summary: string; readonly value: Json }>>;

const anyEvent = { anyOf: [{ event: null }] };
const january = { from: '2026-01-01', to: '2026-01-31' };

const queries: Examples = {
  insights: {
    summary: 'Users a day',
    value: {
      type: 'insights',
      range: january,
      unit: 'day',
      metrics: [{ selector: anyEvent, measure: { type: 'unique' } }],
    },
  },
  funnel: {
    summary: 'From one event to another within a week',
    value: {
      type: 'funnel',
      range: january,
      steps: [{ anyOf: [{ event: 'Signup' }] }, { anyOf: [{ event: 'Order completed' }] }],
      window: { value: 7, unit: 'day' },
    },
  },
  retention: {
    summary: 'Who comes back, by day',
    value: { type: 'retention', range: january, birth: anyEvent, return: anyEvent, unit: 'day' },
  },
};

const didSomething = {
  type: 'behavior',
  selector: anyEvent,
  count: { operator: 'at_least', value: 3 },
  span: { type: 'last', days: 30 },
};

/** Bodies to begin with, by operation. A test holds them against the schemas of the document. */
export const examples: Readonly<Record<string, Examples>> = {
  'query.run': queries,
  'project.create': {
    project: { summary: 'A project', value: { name: 'Shop', timezone: 'Europe/Berlin' } },
  },
  'cohorts.create': {
    live: {
      summary: 'Who did anything three times in a month',
      value: { name: 'Active', definition: { type: 'live', filters: [didSomething] } },
    },
    frozen: {
      summary: 'A list to be uploaded',
      value: { name: 'Invited', definition: { type: 'frozen' } },
    },
  },
  'customEvents.create': {
    event: {
      summary: 'Either of two events',
      value: {
        name: 'Converted',
        definition: { matches: [{ event: 'Signup' }, { event: 'Order completed' }] },
      },
    },
  },
  'users.list': {
    recent: {
      summary: 'Who was there last',
      value: {
        columns: [{ type: 'last_seen' }, { type: 'event_count' }],
        sort: { by: { type: 'last_seen' }, order: 'descending' },
        limit: 10,
      },
    },
  },
  'users.activity': { newest: { summary: 'The newest events', value: { limit: 10 } } },
  'users.edit': {
    set: {
      summary: 'Set a property',
      value: { edits: [{ operator: '$set', values: { plan: 'pro' } }] },
    },
  },
  'identity.merge': { two: { summary: 'Two users', value: { one: 'ann', other: 'bob' } } },
  'privacy.create': {
    access: {
      summary: 'Everything about somebody',
      value: { kind: 'access', distinctIds: ['ann@example.com'] },
    },
  },
  'lexicon.set': { hide: { summary: 'Hide an event', value: { hidden: true } } },
};
