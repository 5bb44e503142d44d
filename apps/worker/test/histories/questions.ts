import type { QueryInput } from '@arbor/schema/query';

const range = { from: '2024-03-04', to: '2024-03-09' };
const any = { anyOf: [{ event: null }] };
const view = { anyOf: [{ event: 'View' }] };
const buy = { anyOf: [{ event: 'Buy' }] };

/** What is asked after a history, by what it is about: `name` is a property of people, `excluded` one of its values. */
export function questionsOf({
  name,
  excluded,
}: {
  readonly name: string;
  readonly excluded: string;
}): Readonly<Record<string, QueryInput>> {
  const property = { scope: 'person' as const, name };
  return {
    'daily and unique users': {
      type: 'insights',
      range,
      metrics: [
        { selector: any, measure: { type: 'total' } },
        { selector: any, measure: { type: 'unique' } },
        { selector: view, measure: { type: 'dau' } },
      ],
    },
    'unique users by a property of people': {
      type: 'insights',
      range,
      metrics: [{ selector: view, measure: { type: 'unique' } }],
      breakdowns: [{ property }],
    },
    funnel: {
      type: 'funnel',
      range,
      steps: [view, buy],
      window: { value: 2, unit: 'day' },
      breakdowns: [{ property }],
    },
    retention: {
      type: 'retention',
      range,
      birth: view,
      return: any,
      unit: 'day',
      intervals: 4,
      filters: [{ type: 'property', property, operator: 'does_not_equal', values: [excluded] }],
    },
    'people by their profile': {
      type: 'cohort',
      filters: [{ type: 'property', property, operator: 'is_set', values: [] }],
    },
  };
}
