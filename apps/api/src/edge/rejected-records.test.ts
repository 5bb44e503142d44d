import { noProject } from '@arbor/schema/cluster';
import type { RejectedEntry } from '@arbor/schema/live';
import { expect, test } from 'vitest';
import { RejectedRecords } from './rejected-records.ts';

const by = { now: 5, source: 'track', origin: 'https://shop.example' } as const;

function reported(tokens: readonly string[], origin: string): RejectedEntry[] {
  const counted: [number, RejectedEntry][] = [];
  const shown: RejectedEntry[] = [];
  const records = new RejectedRecords({
    publishRejected: (_, entries) => shown.push(...entries),
    countRejected: (project, { entry }) => counted.push([project, entry()]),
  });
  records.reportUnknown(new Set(tokens), { ...by, origin });
  expect(shown, 'nobody watches for them').toEqual([]);
  expect(counted.every(([project]) => project === noProject)).toBe(true);
  return counted.map(([, entry]) => entry);
}

test('names the beginning of a token that no project has, and the site, and nothing that was sent', () => {
  expect(reported(['0123456789abcdef'], by.origin)).toEqual([
    {
      kind: 'rejected',
      id: expect.stringMatching(/^rejected-/),
      receivedAt: 5,
      source: 'track',
      field: 'token',
      reason: 'no project has the token "01234567…", sent by "https://shop.example"',
      record: '{}',
    },
  ]);
});

test('says each token of a request once, whole where it is short, and no site where no page sent it', () => {
  expect(reported(['a', 'b'], '').map(({ reason }) => reason)).toEqual([
    'no project has the token "a"',
    'no project has the token "b"',
  ]);
  expect(reported([], '')).toEqual([]);
});
