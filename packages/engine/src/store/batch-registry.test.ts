import { describe, expect, it } from 'vitest';
import { BatchRegistry } from './batch-registry.ts';

describe('batch registry', () => {
  it('knows every id that was added, and no other', () => {
    const registry = new BatchRegistry();
    for (let i = 0; i < 5000; i++) expect(registry.add(`batch-${i}`, i)).toBe(i);
    expect(registry.count).toBe(5000);
    for (let i = 0; i < 5000; i++) {
      expect(registry.has(`batch-${i}`)).toBe(true);
      expect(registry.has(`batch-${i}x`)).toBe(false);
    }
  });

  it('orders batches by sequence, then by id', () => {
    const registry = new BatchRegistry();
    const late = registry.add('a', 20);
    const early = registry.add('z', 10);
    const same = registry.add('b', 20);
    expect(registry.compare(early, late)).toBeLessThan(0);
    expect(registry.compare(late, same)).toBeLessThan(0);
    expect(registry.compare(same, late)).toBeGreaterThan(0);
    expect(registry.compare(late, late)).toBe(0);
  });
});
