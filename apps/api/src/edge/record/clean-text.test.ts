import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';

const lenient = { strict: false, damaged: false };
const strict = { strict: true, damaged: false };

test('cuts at 255 UTF-16 units', () => {
  expect(cleanText('x'.repeat(255), lenient)).toHaveLength(255);
  expect(cleanText('x'.repeat(256), lenient)).toHaveLength(255);
});

test('never splits a surrogate pair', () => {
  const split = `${'x'.repeat(254)}😀`;
  expect(cleanText(split, strict)).toBe('x'.repeat(254));
  const whole = `${'x'.repeat(253)}😀y`;
  expect(cleanText(whole, strict)).toBe(`${'x'.repeat(253)}😀`);
});

test('keeps any valid text, line breaks and tabs included', () => {
  const text = 'a\tb\nc ü 漢字 😀 \ue000\ufffd';
  expect(cleanText(text, strict)).toBe(text);
});

test('half a pair is repaired, or refused where the rules are strict', () => {
  expect(cleanText('a\ud83db', lenient)).toBe('a\ufffdb');
  expect(cleanText('a\ud83db', strict)).toBeNull();
});

test('U+0000 is replaced, because PostgreSQL cannot hold it', () => {
  expect(cleanText('a\0b', lenient)).toBe('a\ufffdb');
});

test('in a damaged request the text with the damage is refused, its neighbours are not', () => {
  const damaged = { strict: false, damaged: true };
  expect(cleanText('a\ufffdb', damaged)).toBeNull();
  expect(cleanText('über', damaged)).toBe('über');
});
