import { expect, it } from 'vitest';
import { RoomWriter } from './room-writer.ts';

const extent = { slab: 7, offset: 16, bytes: 32 };

it('puts pieces one after the other, each where any array may begin', () => {
  const buffer = new SharedArrayBuffer(64);
  const room = new RoomWriter(extent, buffer);
  const runs = room.decode('runs', (memory) => memory.words(3).set([1, 2, 3]));
  const times = room.write('times', Uint16Array.of(4, 5));
  expect(runs).toEqual({ name: 'runs', span: { slab: 7, offset: 16, length: 3, width: 4 } });
  expect(times).toEqual({ name: 'times', span: { slab: 7, offset: 32, length: 2, width: 2 } });
  expect([...new Uint32Array(buffer, 16, 3)]).toEqual([1, 2, 3]);
  expect([...new Uint16Array(buffer, 32, 2)]).toEqual([4, 5]);
});

it('has codes where they were decoded, or copies them there', () => {
  const buffer = new SharedArrayBuffer(64);
  const room = new RoomWriter(extent, buffer);
  const dictionary = { type: 'part', part: 0, bytes: 1 } as const;
  const there = room.column('column a', (memory) => {
    const codes = memory.bytes(2);
    codes.set([8, 9]);
    return { codes, dictionary };
  });
  const copied = room.column('column b', () => ({ codes: Uint8Array.of(6), dictionary }));
  expect(there.span).toEqual({ slab: 7, offset: 16, length: 2, width: 1 });
  expect(copied).toEqual({
    name: 'column b',
    span: { slab: 7, offset: 24, length: 1, width: 1 },
    dictionary,
  });
  expect([...new Uint8Array(buffer, 16, 9)]).toEqual([8, 9, 0, 0, 0, 0, 0, 0, 6]);
});

it('takes nothing for a piece that is empty', () => {
  const room = new RoomWriter(extent, new SharedArrayBuffer(64));
  expect(room.write('ties', null)).toEqual({ name: 'ties', span: null });
  expect(room.decode('ties', () => undefined)).toEqual({ name: 'ties', span: null });
  expect(room.column('column a', () => undefined)).toEqual({ name: 'column a', span: null });
  expect(room.write('times', Uint8Array.of(1)).span?.offset).toBe(16);
});

it('never writes behind its room', () => {
  const room = new RoomWriter(extent, new SharedArrayBuffer(64));
  expect(() => room.decode('times', (memory) => memory.words(9))).toThrow(
    'a piece needs more than the 32 bytes of its room',
  );
});
