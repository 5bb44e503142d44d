import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { Arena, type Extent } from './arena.ts';

const noSlab = (): void => undefined;

it('hands out aligned pieces until nothing fits, and again what came back', () => {
  const slabs: number[] = [];
  const arena = new Arena(64, (slab, buffer) => slabs.push(slab, buffer.byteLength));
  expect(slabs).toEqual([]);
  const first = arena.allocate(9);
  const second = arena.allocate(40);
  expect([first, second]).toEqual([
    { slab: 0, offset: 0, bytes: 16 },
    { slab: 0, offset: 16, bytes: 40 },
  ]);
  expect(slabs).toEqual([0, 64]);
  expect(arena.allocate(9)).toBeNull();
  arena.free({ slab: 0, offset: 16, bytes: 32 });
  expect(arena.allocate(32)).toEqual({ slab: 0, offset: 16, bytes: 32 });
  expect(arena.usedBytes).toBe(56);
});

it('needs no memory for nothing', () => {
  const arena = new Arena(0, noSlab);
  expect(arena.allocate(0)).toEqual({ slab: 0, offset: 0, bytes: 0 });
  expect(arena.allocate(1)).toBeNull();
});

it('refuses to take a piece back twice', () => {
  const arena = new Arena(64, noSlab);
  const extent = arena.allocate(16) as Extent;
  arena.free(extent);
  expect(() => arena.free(extent)).toThrow('extent 0 + 16 is free already');
});

it(`never hands out a byte twice and loses none (seed ${propertySeed})`, () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('take' as const), bytes: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ type: fc.constant('give' as const), index: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const arena = new Arena(1024, noSlab);
      const held: Extent[] = [];
      const owned = new Uint8Array(1024);
      for (const one of steps) {
        if (one.type === 'take') {
          const extent = arena.allocate(one.bytes);
          if (extent === null) continue;
          const bytes = owned.subarray(extent.offset, extent.offset + extent.bytes);
          if (bytes.some((byte) => byte !== 0))
            throw new Error(`handed out ${extent.offset} twice`);
          bytes.fill(1);
          held.push(extent);
        } else if (held.length > 0) {
          const [extent] = held.splice(one.index % held.length, 1);
          owned.fill(0, extent.offset, extent.offset + extent.bytes);
          arena.free(extent);
        }
      }
      expect(arena.usedBytes).toBe(owned.reduce((sum, byte) => sum + byte, 0));
      for (const extent of held) arena.free(extent);
      expect(arena.allocate(1024)).toEqual({ slab: 0, offset: 0, bytes: 1024 });
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
