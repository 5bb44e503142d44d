import { demoProject } from '@arbor/demo-world/demo-project';

/** A page of the dashboard, and what is there once it shows its data. */
export interface TourPage {
  readonly name: string;
  readonly path: string;
  readonly ready: string;
}

const funnel = ['Product viewed', 'Added to cart', 'Checkout started', 'Order completed'];
const range = { preset: '30d' };

const insights = (change: object): object => ({
  range,
  unit: null,
  metrics: [{ event: 'Order completed', filters: [], measure: { type: 'total' } }],
  filters: [],
  breakdown: null,
  chart: 'line',
  ...change,
});
const byCountry = { breakdown: { scope: 'event', name: 'mp_country_code' } };
const funnels = {
  range,
  steps: funnel.map((event) => ({ event, filters: [] })),
  window: { value: 7, unit: 'day' },
  filters: [],
  breakdown: null,
};
const retention = {
  range: { preset: '3m' },
  birth: { event: 'Signed up', filters: [] },
  return: { event: null, filters: [] },
  unit: 'week',
  criterion: 'on',
  mode: 'calendar',
  births: 'every_bucket',
  intervals: 9,
  filters: [],
  breakdown: null,
};
const flow = {
  range,
  anchors: [{ event: 'Product viewed', filters: [], before: 1, after: 3 }],
  window: { value: 30, unit: 'day' },
  counting: 'unique',
  filters: [],
  breakdown: null,
  hidden: [],
  expanded: [],
  collapse: true,
  rows: 5,
};
const listed = {
  what: 'users',
  title: 'Reached step 4, Order completed',
  point: { type: 'funnel', step: 3, outcome: 'reached', segment: null, bucket: null },
};

/** Every page of the demo project, as a visitor without an account finds it. */
export const tour: readonly TourPage[] = [
  view('insights', insights(byCountry), '[data-testid="chart"] svg'),
  view('insights', insights({ ...byCountry, chart: 'column' }), '[data-testid="chart"] svg', {
    name: 'insights-columns',
  }),
  view('insights', insights({ ...byCountry, chart: 'bar' }), '[data-testid="chart"] li', {
    name: 'insights-bars',
  }),
  view('insights', insights({ ...byCountry, chart: 'area' }), '.recharts-area', {
    name: 'insights-areas',
  }),
  view('insights', insights({ ...byCountry, chart: 'donut' }), '[data-testid="chart"] svg path', {
    name: 'insights-shares',
  }),
  view('insights', insights({ chart: 'number' }), '[data-testid="chart"] svg', {
    name: 'insights-number',
  }),
  view('funnels', funnels, '[data-testid="funnel-step-3-count"]'),
  view(
    'insights',
    insights({ compare: { type: 'past', period: 'previous_period' } }),
    '.series-past',
    {
      name: 'insights-compared',
    },
  ),
  view('funnels', { ...funnels, view: 'trend' }, '[data-testid="chart"] svg', {
    name: 'funnels-trend',
  }),
  view('funnels', { ...funnels, view: 'time' }, '[data-testid="funnel-times"]', {
    name: 'funnels-times',
  }),
  view('funnels', { ...funnels, listed }, '[data-testid="user-list"]', { name: 'funnels-users' }),
  view('retention', retention, '[data-testid="chart"] svg'),
  view('flows', flow, '[data-testid="flow-node"]'),
  view('web', null, '[data-testid="figure-users-value"]'),
  view('live', null, '[data-testid="live-row"]'),
  view('users', null, '[data-testid="user-row"]'),
  view('cohorts', null, 'h1'),
  view('boards', null, 'h1'),
  // The board that a new stack makes for the demo is its first one.
  view('boards/1', null, '[data-testid="chart"] svg', { name: 'board' }),
  view('cohorts/new', null, 'h1', { name: 'cohort-editor' }),
  view('data/lexicon', null, 'h1', { name: 'lexicon' }),
  view('data/health', null, 'h1', { name: 'health' }),
  view('data/rejected', null, 'h1', { name: 'rejected' }),
  view('data/import', null, 'h1', { name: 'import' }),
  view('settings', null, '[data-testid="project-facts"]'),
  view('api', null, 'text=Event names'),
  { name: 'signin', path: '/signin', ready: '[data-testid="sign-in"]' },
  { name: 'shop', path: '/shop', ready: 'h1' },
];

function view(
  path: string,
  state: object | null,
  ready: string,
  { name = path }: { readonly name?: string } = {},
): TourPage {
  const query = state === null ? '' : `?q=${encodeURIComponent(JSON.stringify(state))}`;
  return { name, path: `/p/${demoProject.id}/${path}${query}`, ready };
}
