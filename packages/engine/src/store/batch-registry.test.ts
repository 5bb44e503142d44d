import { describe, expect, it } from 'vitest';
import { BatchRegistry, type RegisteredBatch } from './batch-registry.ts';

const registered = (batchId: string, sequence: number): RegisteredBatch => {
  return {
    batchId,
    sequence,
    receivedAt: 1000 - sequence,
    bytes: 7,
    hasPeople: sequence % 10 === 0,
  };
};

describe('batch registry', () => {
  it('knows every id that was added, and no other', () => {
    const registry = new BatchRegistry();
    for (let i = 0; i < 5000; i++) expect(registry.add(registered(`batch-${i}`, i))).toBe(i);
    expect(registry.count).toBe(5000);
    for (let i = 0; i < 5000; i++) {
      expect(registry.has(`batch-${i}`)).toBe(true);
      expect(registry.has(`batch-${i}x`)).toBe(false);
    }
  });

  it('orders batches by sequence, then by id', () => {
    const registry = new BatchRegistry();
    const late = registry.add(registered('a', 20));
    const early = registry.add(registered('z', 10));
    const same = registry.add(registered('b', 20));
    expect(registry.compare(early, late)).toBeLessThan(0);
    expect(registry.compare(late, same)).toBeLessThan(0);
    expect(registry.compare(same, late)).toBeGreaterThan(0);
    expect(registry.compare(late, late)).toBe(0);
  });

  it('tells the bytes and the earliest arrival of all', () => {
    const registry = new BatchRegistry();
    expect(registry.oldestAt).toBeNull();
    registry.add(registered('a', 20));
    registry.add(registered('b', 10));
    expect({ bytes: registry.bytesInLog, oldestAt: registry.oldestAt }).toStrictEqual({
      bytes: 14,
      oldestAt: 980,
    });
    expect([registry.id(1), registry.sequence(1)]).toStrictEqual(['b', 10]);
  });
});
