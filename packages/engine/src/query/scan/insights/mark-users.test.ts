import { expect, test } from 'vitest';
import { UserCounter } from './user-counter.ts';
import { StatePool, UserStates } from './user-states.ts';

/** Windows over pieces that begin at 10, 20, 30 …, and what users of piece p come to. */
function counter(starts: number[], ends: number[]) {
  const edges = Float64Array.from(new Set([...starts, ...ends])).sort();
  const own = new UserCounter({ starts, ends }, edges);
  own.reserve(2);
  return { own, states: new UserStates([own], 4, new StatePool()) };
}

const users = (...ids: number[]) => ({
  ids: Uint32Array.from(ids),
  stretch: { from: 0, end: ids.length, base: 10 },
});

test('a user counts once in a window, however often he comes', () => {
  const { own, states } = counter([10, 20], [20, 30]);
  const both = users(10, 11);
  states.addInSlot(both.ids, both.stretch, 0, 1);
  states.addInSlot(both.ids, both.stretch, 0, 1);
  const one = users(11);
  states.addInSlot(one.ids, one.stretch, 0, 2);
  expect(own.countsOf(0)).toEqual({ at: [0, 1], counts: [2, 1], range: 2 });
});

test('a user counts in every window that his day lies in', () => {
  // Three windows of two pieces each; piece 2 lies in the first two of them, piece 4 in the last.
  const { own, states } = counter([10, 20, 30], [30, 40, 50]);
  const one = users(10);
  states.addInSlot(one.ids, one.stretch, 0, 2);
  states.addInSlot(one.ids, one.stretch, 0, 2);
  expect(own.countsOf(0)).toEqual({ at: [0, 1], counts: [1, 1], range: 1 });
  states.addInSlot(one.ids, one.stretch, 0, 4);
  expect(own.countsOf(0)).toEqual({ at: [0, 1, 2], counts: [1, 1, 1], range: 1 });
});

test('pieces of a day may come in any order of events', () => {
  const { own, states } = counter([10, 20, 30], [20, 30, 40]);
  const slots = Uint32Array.of(1, 1);
  // From piece 1 on: user 0 in pieces 2 and 3, then in 1; user 1 in 3.
  states.addPieces(Uint32Array.of(0, 1), slots, Uint32Array.of(0b110, 0b100), 2);
  states.addPieces(Uint32Array.of(0), slots, Uint32Array.of(0b011), 1);
  states.endDay(1);
  expect(own.countsOf(1)).toEqual({ at: [0, 1, 2], counts: [1, 1, 2], range: 2 });
  expect(own.countsOf(0)).toEqual({ at: [], counts: [], range: 0 });
});

test('ids keep what is known of them when they are numbered anew', () => {
  const { own, states } = counter([10, 20], [20, 30]);
  const one = { from: 0, end: 1, base: 0 };
  states.addInSlot(Uint32Array.of(1), one, 0, 1);
  states.renumber(600, (id) => 500 + id);
  states.addInSlot(Uint32Array.of(501), one, 0, 1);
  expect(own.countsOf(0)).toEqual({ at: [0], counts: [1], range: 1 });
});

test('nobody counts 0, in a segment that shows', () => {
  const { own } = counter([10, 20], [20, 30]);
  expect(own.has(1)).toBe(false);
  own.meetNobody(1, 0b10, 2);
  expect(own.has(1)).toBe(false);
  own.meetNobody(1, 0b10, 1);
  expect(own.has(1)).toBe(true);
  expect(own.countsOf(1)).toEqual({ at: [], counts: [], range: 0 });
});

test('many ids come to the same as few at a time', () => {
  const starts = Array.from({ length: 12 }, (_, w) => 10 * (w + 1));
  const ends = starts.map((start) => start + 50);
  const edges = Float64Array.from(new Set([...starts, ...ends])).sort();
  const counterOf = (): UserCounter => {
    const own = new UserCounter({ starts, ends }, edges);
    own.reserve(1);
    return own;
  };
  const [many, few] = [counterOf(), counterOf()];
  const together = new UserStates([many], 101, new StatePool());
  const apart = new UserStates([few], 101, new StatePool());
  for (let piece = 1; piece <= 16; piece += 3) {
    // Some ids come twice, and others on some days alone.
    const ids = Uint32Array.from({ length: 101 }, (_, i) => (i * piece) % 67);
    together.addInSlot(ids, { from: 0, end: ids.length, base: 0 }, 0, piece);
    for (let i = 0; i < ids.length; i++) {
      apart.addInSlot(ids, { from: i, end: i + 1, base: 0 }, 0, piece);
    }
  }
  expect(many.countsOf(0)).toEqual(few.countsOf(0));
  expect(many.countsOf(0)).toMatchObject({ at: starts.map((_, w) => w) });
});

test('ids that come once a day come to the same, on days on which nobody counts yet and on others', () => {
  const starts = Array.from({ length: 12 }, (_, w) => 10 * (w + 1));
  const ends = starts.map((start, w) => start + (w % 4 === 0 ? 20 : 10));
  const edges = Float64Array.from(new Set([...starts, ...ends])).sort();
  const [own, known] = [0, 1].map(() => {
    const counter = new UserCounter({ starts, ends }, edges);
    counter.reserve(1);
    return { counter, states: new UserStates([counter], 101, new StatePool()) };
  });
  for (let piece = 1; piece <= 12; piece++) {
    const ids = Uint32Array.from({ length: 40 }, (_, i) => 10 + ((i * 2 + piece) % 101));
    const others = ids.subarray(0, 7);
    for (const list of piece % 3 === 0 ? [ids, others] : [ids]) {
      const stretch = { from: 1, end: list.length, base: 10 };
      own.states.addOnce(list, stretch, piece);
      known.states.addInSlot(list, stretch, 0, piece);
    }
    if (piece !== 7) continue;
    for (const { states } of [own, known]) {
      states.addPieces(Uint32Array.of(3, 90), null, Uint32Array.of(0b1, 0b11), 2);
      states.endDay(piece);
    }
  }
  expect(own.counter.countsOf(0)).toEqual(known.counter.countsOf(0));
  expect(own.counter.countsOf(0).range).toBeGreaterThan(40);
});
