import { compileExpression } from '@arbor/expression/compile-expression';
import { parseApiExpression } from '@arbor/expression/expression';
import { passes } from '@arbor/expression/row-result';
import { propertyRuns, propertySeed } from '@arbor/engine/test/model/property-runs';
import { ask } from '@arbor/engine/test/model/ask';
import { buildViews } from '@arbor/engine/test/model/build-views';
import { at } from '@arbor/engine/test/examples/sample-data';
import fc from 'fast-check';
import { test, expect } from 'vitest';
import { Parameters } from '../../src/mixpanel/parameters.ts';
import { readWhere } from '../../src/mixpanel/where.ts';

/*
 * However `where` is cut into filters, it passes what the whole expression passes (query-api.md 19.2), of events with
 * every type of value and without any.
 */

const values = [undefined, null, true, false, 0, 1, 5, '', '5', 'abc', ['x', 5], []] as const;
const atom = fc.constantFrom(
  'properties["a"] == 5',
  'properties["a"] != "abc"',
  'properties["b"] > 1',
  '"b" in properties["a"]',
  'properties["b"] in [1, "5", null]',
  'defined(properties["a"])',
  'boolean(properties["b"])',
  'not properties["b"]',
  'properties["a"] == properties["b"]',
  'user["plan"] == "pro"',
  'event["$distinct_id"] == "u1"',
  'undefined',
  'true',
);
const { where } = fc.letrec<{ where: string }>((tie) => ({
  where: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc.array(tie('where'), { minLength: 2, maxLength: 3 }).map((all) => `(${all.join(' and ')})`),
    fc.array(tie('where'), { minLength: 2, maxLength: 3 }).map((all) => `(${all.join(' or ')})`),
    tie('where').map((one) => `not (${one})`),
  ),
}));
const valueOf = fc.constantFrom(...values);
const event = fc.record({ user: fc.constantFrom('u1', 'u2'), a: valueOf, b: valueOf });

test('where passes the same events in pieces as in one', () => {
  fc.assert(
    fc.property(where, fc.array(event, { maxLength: 12 }), (text, events) => {
      const people: Record<string, { plan: string }> = { u1: { plan: 'pro' } };
      const expression = parseApiExpression(text);
      const { evaluate } = compileExpression(expression, { nowMs: 0, timezone: 'UTC' });
      let expected = 0;
      try {
        for (const one of events) {
          const result = evaluate(({ source, name }) => {
            if (source === 'user') return people[one.user]?.plan;
            if (source === 'event') return one.user;
            return name === 'a' ? one.a : one.b;
          });
          if (passes(result)) expected++;
        }
      } catch {
        // Something that is no boolean stood beside `and` or `or`: the next test is about that.
        return;
      }
      const world = events.map(({ user, a, b }) => ({
        user,
        event: 'E',
        time: at('03-05 10:00'),
        properties: { ...(a !== undefined && { a }), ...(b !== undefined && { b }) },
      }));
      const filters = readWhere(new Parameters(new Map([['where', text]])), 'where');
      const result = ask(buildViews({ events: world, people }, 2), {
        type: 'insights',
        range: { from: '2024-03-05', to: '2024-03-05' },
        metrics: [{ selector: { anyOf: [{ event: 'E' }] }, measure: { type: 'total' } }],
        filters,
      });
      expect(result.series[0]?.total).toBe(expected);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
