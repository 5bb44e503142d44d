import { describe, expect, it } from 'vitest';
import type { DataRequest } from '@arbor/schema/privacy';
import { erasureText, isOver, mayCancel } from './erasure.ts';

const request: DataRequest = {
  id: 'r1',
  kind: 'erasure',
  complianceType: 'GDPR',
  disclosureType: 'Data',
  status: 'PENDING',
  distinctIds: ['ada'],
  distinctIdCount: 1,
  requestedBy: 'anna@example.com',
  createdAt: '2026-03-14T12:00:00.000Z',
  startedAt: null,
  endedAt: null,
  startsAt: null,
  progress: null,
  reason: null,
  receipt: null,
  link: null,
};
const text = (change: Partial<DataRequest>): string =>
  erasureText({ ...request, ...change }, 'Europe/Berlin');

describe('an erasure', () => {
  it('says when it begins, what it is at and why it stopped', () => {
    expect(text({ status: 'STAGING', startsAt: '2026-03-14T12:00:10.000Z' })).toBe(
      'The erasure begins at 13:00:10. Until then it can be cancelled.',
    );
    expect(text({ status: 'STARTED', progress: 'writing files anew' })).toBe(
      'Erasing: writing files anew.',
    );
    expect(text({ status: 'FAILURE', reason: 'zone b is away' })).toBe(
      'The erasure stopped: zone b is away. It is tried again by itself.',
    );
    expect(text({ status: 'REVOKED' })).toContain('Nothing was erased');
  });

  it('ends with the receipt', () => {
    const receipt = {
      id: 'r1',
      events: 1812,
      profiles: 1,
      properties: 9,
      files: 1,
      aliases: 3,
      finishedAt: '2026-03-14T12:03:00.000Z',
    };
    expect(text({ status: 'SUCCESS', receipt })).toBe(
      'User erased. 1,812 events and 9 properties removed from 1 file at 14 Mar 2026, 13:03. Receipt r1.',
    );
  });

  it('can be cancelled until it starts, and is over once it succeeded', () => {
    expect(['PENDING', 'STAGING', 'STARTED', 'SUCCESS'].map((s) => mayCancel(s as never))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['FAILURE', 'SUCCESS', 'REVOKED'].map((s) => isOver(s as never))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
