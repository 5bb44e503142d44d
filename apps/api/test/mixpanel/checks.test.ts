import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/* docs/mixpanel-checks.md: the checklist of ingestion-api.md 15 and the examples of query-api.md, each with its test. */

const page = path.resolve(import.meta.dirname, '../../../../docs/mixpanel-checks.md');
const text = fs.readFileSync(page, 'utf8');

/** A line of a table: what it is about, and a test by its file and name. */
const line = /^\| ([^|]+) \| [^|]+ \| \[([\w.-]+)\]\(([^)]+)\): (.+) \|$/;
const rows = text.split('\n').flatMap((one) => {
  const [, about = '', name = '', file = '', title = ''] = line.exec(one) ?? [];
  return about === '' ? [] : [{ about, name, file: path.resolve(path.dirname(page), file), title }];
});

const part = (heading: string): string[] => {
  const [, rest = ''] = text.split(`## ${heading}\n`);
  const own = rest.split('\n## ', 1)[0] ?? '';
  return own.split('\n').filter((one) => one.startsWith('| '));
};
const about = (heading: string): Set<string> =>
  new Set(part(heading).flatMap((one) => (one.split(' | ', 1)[0] ?? '').slice(2).split(', ')));

test('every line of the tables names a test', () => {
  const tables = ['Ingestion', 'Query API', 'Clients, unmodified'].map(part);
  // The heads of the tables and the lines below them.
  expect(rows.length).toBe(tables.flat().length - 2 * tables.length);
});

test('every point of the checklist and every section with an example is there', () => {
  const points = [...Array.from({ length: 15 }, (_, i) => String(i + 1)), 'a', 'b', 'c', 'd'];
  const sections = [
    ['1.2', '3', '4.1', '4.2', '4.3', '4.4', '5', '6', '7.1', '7.2', '8.1', '8.2', '8.3', '8.4'],
    ['9', '10.1', '10.2', '11', '12', '13.1', '13.2', '13.3', '13.4', '13.5', '13.6'],
    ['14', '15', '16', '17', '18', '19.2', '19.3'],
  ].flat();
  expect([...about('Ingestion')]).toEqual(expect.arrayContaining(points));
  expect([...about('Query API')]).toEqual(expect.arrayContaining(sections));
});

describe.each(rows)('$about: $title', ({ name, file, title }) => {
  test('is a test of that file', () => {
    expect(path.basename(file)).toBe(name);
    const source = fs.readFileSync(file, 'utf8');
    const quoted = ["'", '"', '`'].map((quote) => `${quote}${title}${quote}`);
    expect(quoted.filter((one) => source.includes(one))).toHaveLength(1);
  });
});
