import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ruleNames, rulePlans } from '../src/judge/rules.ts';

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/choices.md', import.meta.url)),
  'utf8',
);
const [rules = '', , openPoints = ''] = page.split(/^## /m).slice(1);

const cellsOf = (text: string): string[][] =>
  [...text.matchAll(/^\| (?!---)(.*) \|$/gm)].map(([, row]) => row.split(' | '));

test('the page of choices has the side that the command takes for granted, of every rule', () => {
  const sides = cellsOf(rules)
    .slice(1)
    .map(([rule, side]) => [rule, side].map((cell) => cell.replaceAll('`', '')));
  expect(sides).toEqual(ruleNames.map((name) => [name, rulePlans[name].arbor]));
});

test('the page of choices has every open point of the report semantics', () => {
  const numbers = cellsOf(openPoints)
    .slice(1)
    .map(([number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
});
