import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '@arbor/engine/test/model/property-runs';
import { d1 } from '@arbor/engine/test/examples/sample-data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/*
 * Whatever is asked of the Query API is answered, or refused in words: never with an error of the server. Most of each request makes
 * sense, so that the rest of it is looked at.
 */

const { get, post } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12) });

/** A value a line. */
const oddTexts = String.raw`
0
-1
1
99999999999999999999
1e308
NaN
null
true
[]
{}
[null]
[[]]
{"a":1}
2024-02-30
0000-01-01
9999-12-31
$custom_event:1
hour
minute
week
month
unique
average
csv
compounded
__proto__
toString
properties["a"] ==
properties["a"] and 1
((((
"
-
not
%00
datetime("x")
["u1","u2"]
{"raw_cohort":{}}
{"id":12}
[{"event":"Signup"},{"event":"Play"}]
[{"window":"0d"}]
percentile(properties["secs"],200)
`
  .trim()
  .split('\n');
const odd = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'binary', maxLength: 20 }));

/** What each parameter is where a request makes sense. */
const sensible: Readonly<Record<string, string>> = {
  from_date: '2024-03-04',
  to_date: '2024-03-06',
  event: 'Play',
  born_event: 'Signup',
  unit: 'day',
  addiction_unit: 'hour',
  on: 'properties["song"]',
  name: 'song',
  where: 'properties["secs"] > 1',
  distinct_ids: '["u1"]',
  action: 'count()',
  type: 'general',
};
const shared = [
  'from_date',
  'to_date',
  'event',
  'where',
  'unit',
  'type',
  'limit',
  'interval',
  'on',
];
const paths: readonly (readonly [path: string, parameters: readonly string[]])[] = [
  ['segmentation', shared.concat('format')],
  ['segmentation/numeric', shared],
  ['segmentation/sum', shared],
  ['segmentation/average', shared.concat('non_numeric')],
  ['events', shared.concat('format')],
  ['events/top', shared],
  ['events/properties', shared.concat('name', 'values')],
  ['events/properties/values', ['event', 'name', 'limit']],
  ['funnels', shared.concat('events', 'length', 'length_unit')],
  ['retention', shared.concat('born_event', 'born_where', 'retention_type', 'interval_count')],
  ['retention/addiction', shared.concat('addiction_unit')],
  ['stream/query', ['distinct_ids', 'from_date', 'to_date']],
  ['arb_funnels', ['bookmark', 'query_type']],
  ['insights', ['bookmark']],
  ['jql', ['script']],
];

const request = fc.constantFrom(...paths).chain(([path, names]) =>
  fc.record({
    path: fc.constant(path),
    isPost: fc.boolean(),
    parameters: fc
      .tuple(...names.map((name) => fc.tuple(fc.nat(9), odd).map((one) => [name, ...one] as const)))
      .map((all) =>
        Object.fromEntries(
          all.flatMap(([name, choice, value]) => {
            const known = sensible[name];
            if (choice < 6) return known === undefined ? [] : [[name, known]];
            return choice < 8 ? [[name, value]] : [];
          }),
        ),
      ),
  }),
);

function isAnswerOrRefusal([status, body]: readonly [number, unknown]): boolean {
  if (status === 200) return true;
  const { error } = body as { readonly error?: unknown };
  return status >= 400 && status < 500 && typeof error === 'string' && error !== '';
}

test(
  'every request is answered, or refused in words',
  () =>
    fc.assert(
      fc.asyncProperty(request, async ({ path, isPost, parameters }) => {
        const url = `/api/query/${path}`;
        const { status, body } = await (isPost ? post(url, parameters) : get(url, parameters));
        expect([status, body]).toSatisfy(isAnswerOrRefusal);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    ),
  propertyTimeoutMs,
);
