import { expect, test } from 'vitest';
import { fieldText, reasonText } from './reason-text.ts';

test('leaves out what a record said', () => {
  expect(reasonText(`'distinct_id' is invalid: "ann" identifies nobody`)).toBe(
    `'distinct_id' is invalid: "…" identifies nobody`,
  );
  expect(reasonText('"a" and "b\nc" are two')).toBe('"…" are two');
  expect(reasonText(`line is not valid json: Unexpected token 'a', ...ann@x.org... is`)).toBe(
    'line is not valid json',
  );
  expect(reasonText(`'properties.time' is invalid: must not be missing`)).toBe(
    `'properties.time' is invalid: must not be missing`,
  );
});

test('cuts what is long', () => {
  expect(reasonText('x'.repeat(400))).toBe(`${'x'.repeat(300)}…`);
  expect(fieldText(`properties.${'x'.repeat(400)}`)).toHaveLength(201);
  expect(fieldText('event')).toBe('event');
});
