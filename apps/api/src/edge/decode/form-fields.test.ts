import { expect, test } from 'vitest';
import { parseFields } from './form-fields.ts';

const fields = (text: string): Record<string, string> => Object.fromEntries(parseFields(text));

test('decodes percent-encoding and takes plus for a space', () => {
  expect(fields('data=a%2Bb+c&verbose=1')).toEqual({ data: 'a+b c', verbose: '1' });
});

test('leaves alone what only looks like percent-encoding', () => {
  expect(fields('data=100%&x=%zz+1')).toEqual({ data: '100%', x: '%zz 1' });
});

test('takes unencoded JSON as it stands, with &, +, % and = inside', () => {
  const json = '{"event":"a & b=c + 100%","list":["}&"]}';
  expect(fields(`data=${json}&verbose=1`)).toEqual({ data: json, verbose: '1' });
});

test('takes unencoded JSON that never closes up to the end', () => {
  expect(fields('data={"event":"a&verbose=1')).toEqual({ data: '{"event":"a&verbose=1' });
});

test('the first occurrence of a field wins', () => {
  expect(fields('a=1&a=2')).toEqual({ a: '1' });
});

test('fields without a value are empty, empty fields are none', () => {
  expect(fields('&&img&=x&ip=1&')).toEqual({ img: '', ip: '1' });
});

test('a field named __proto__ is one more field', () => {
  expect(parseFields('__proto__=x').get('__proto__')).toBe('x');
});

test('a body of ten million ampersands costs no time', () => {
  const started = performance.now();
  expect(parseFields('&'.repeat(10_000_000)).size).toBe(0);
  expect(performance.now() - started).toBeLessThan(200);
});
