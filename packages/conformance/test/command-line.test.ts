import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCases } from '../src/cases/read-cases.ts';
import type { Verdict } from '../src/judge/verdict.ts';
import { readOptions } from '../src/options.ts';
import { jsonReport, textReport } from '../src/report.ts';

describe('options', () => {
  const placeOf = (...args: string[]) => readOptions(['cases', ...args])?.place;

  test('by default a stack of its own is asked before and after its rows are indexed', () => {
    expect(placeOf()).toEqual({ type: 'own-stack', live: true, indexed: true });
    expect(placeOf('--live')).toEqual({ type: 'own-stack', live: true, indexed: false });
    expect(placeOf('--indexed')).toEqual({ type: 'own-stack', live: false, indexed: true });
    expect(placeOf('--in-memory')).toEqual({ type: 'memory' });
  });

  test('a running stack needs an account', () => {
    const url = 'http://localhost:4000';
    expect(placeOf('--url', url, '--service-account', 'ada:a:b', '--zones', 'a')).toEqual({
      type: 'running-stack',
      url,
      account: { username: 'ada', secret: 'a:b' },
      zones: ['a'],
    });
    expect(() => placeOf('--url', url)).toThrow('--url needs --service-account USER:SECRET');
  });

  test('places exclude each other, and there must be something to ask', () => {
    expect(() => placeOf('--in-memory', '--indexed')).toThrow(
      '--in-memory and --indexed exclude each other',
    );
    expect(() => readOptions(['--json'])).toThrow('name files or folders of conformance cases');
  });

  test('several cases are named with commas', () => {
    expect(readOptions(['cases', '--only', 'a,b', '--json'])).toMatchObject({
      only: ['a', 'b'],
      json: true,
    });
  });
});

describe('case files', () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-case-files-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('a folder is read file by file, and what is no case is named', () => {
    const one = {
      report: 'funnel',
      timezone: 'UTC',
      people: [],
      events: [],
      query: {},
      expected: {},
    };
    fs.writeFileSync(path.join(folder, 'b.json'), JSON.stringify([{ id: 'b', ...one }]));
    fs.writeFileSync(path.join(folder, 'a.json'), JSON.stringify([{ id: 'a', ...one }]));
    fs.writeFileSync(path.join(folder, 'README.md'), 'no cases');
    expect(readCases([folder]).map(({ id }) => id)).toEqual(['a', 'b']);

    const broken = path.join(folder, 'broken');
    fs.writeFileSync(broken, JSON.stringify([{ id: 'c' }]));
    expect(() => readCases([broken])).toThrow(`${broken}[0] is no case: it has no "report"`);
    fs.writeFileSync(broken, '{}');
    expect(() => readCases([broken])).toThrow(`${broken} is not a json array of cases`);
    fs.writeFileSync(broken, '[');
    expect(() => readCases([broken])).toThrow(`${broken} is not json`);
    expect(() => readCases([`${folder}/none`])).toThrow(
      `there is no file or folder ${folder}/none`,
    );
  });
});

describe('reports', () => {
  const right: Verdict = {
    id: 'right',
    notes: '',
    passed: true,
    asked: 2,
    notAsked: [],
    failures: [],
  };
  const wrong: Verdict = {
    ...right,
    id: 'wrong',
    notes: 'two steps',
    passed: false,
    failures: [
      {
        way: 'live',
        options: ['entry=latest'],
        differences: [{ path: 'counts', expected: [2, 1], actual: undefined }],
      },
      { way: 'indexed', options: [], differences: [], error: 'Error: 503' },
    ],
  };
  const refused: Verdict = { ...wrong, id: 'refused', failures: [], notAsked: ['a formula'] };

  test('every difference is shown, and the totals come last', () => {
    expect(textReport([right, wrong, refused])).toBe(`FAILED wrong: two steps
  live, entry=latest:
    counts
      expected [2,1]
      got      nothing
  indexed: Error: 503

FAILED refused: two steps
  cannot be asked: a formula

1 passed, 2 failed`);
  });

  test('as json the same', () => {
    expect(JSON.parse(jsonReport([right]))).toEqual({ passed: 1, failed: 0, cases: [right] });
  });
});
