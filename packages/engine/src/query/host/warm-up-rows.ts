import type { PropertyValue } from '@arbor/schema/property-value';
import { GrowableUint32 } from '../../base/growable.ts';
import {
  dayMs,
  type SegmentProperty,
  type SegmentRows,
} from '../../format/segment/segment-rows.ts';

/** As many as make the loops of every codec run for a while, and few enough to be encoded in no time. */
export const warmUpUserCount = 1500;
/** The only property of people. */
export const warmUpPlan = 'plan';
/** Days since 1970-01-01: 2020-03-01 to 14. */
export const warmUpDays: readonly number[] = Array.from({ length: 14 }, (_, i) => 18_322 + i);
/** Events, from frequent to rare: users out of a hundred that have them. */
const shares = [90, 40, 15, 5, 5, 2, 2, 1];

type Draw = () => number;

/** How the properties of a row are told: of the user, of one another, or of nothing. */
interface ColumnKind {
  readonly name: string;
  readonly values: readonly PropertyValue[];
  /** `base`: the code of the row in the first column. */
  readonly codeOf: (user: number, base: number, draw: Draw) => number;
}

const texts = (count: number, name: string): PropertyValue[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`);

const columnKinds: readonly ColumnKind[] = [
  { name: 'page', values: texts(300, 'page'), codeOf: (_, base) => base },
  { name: 'section', values: texts(40, 'kind'), codeOf: (_, base) => 1 + (base % 40) },
  {
    name: 'system',
    values: texts(12, 'system'),
    codeOf: (user, _, draw) => 1 + ((user + (draw() < 0.02 ? 1 : 0)) % 12),
  },
  {
    name: 'amount',
    values: Array.from({ length: 2000 }, (_, i) => i + 0.25),
    codeOf: (_, __, draw) => 1 + Math.floor(draw() * 2000),
  },
  { name: 'is first', values: [true], codeOf: (_, __, draw) => (draw() < 0.01 ? 1 : 0) },
  {
    name: 'is member',
    values: [false, true],
    codeOf: (_, __, draw) => 1 + Math.floor(draw() * 2),
  },
];

/** A made-up day whose columns come in every form that those of real days mostly have. Always the same. */
export function warmUpRows(): SegmentRows {
  const draw = drawOf(1);
  const eventStarts = [0];
  const users = new GrowableUint32();
  const times = new GrowableUint32();
  for (const share of shares) {
    for (let user = 1; user <= warmUpUserCount; user++) {
      if (draw() * 100 < share) addUser(user, draw, users, times);
    }
    eventStarts.push(users.length);
  }
  const rowCount = users.length;
  return {
    rowCount,
    events: shares.map((_, event) => `event ${event}`),
    eventStarts: Uint32Array.from(eventStarts),
    users: users.array.slice(0, rowCount),
    times: times.array.slice(0, rowCount),
    tieRanks: null,
    batchSequences: Float64Array.of(1),
    batches: new Uint32Array(rowCount),
    sentTimes: new Map(),
    sentIds: new Uint32Array(rowCount),
    sentIdTexts: [''],
    insertIds: { bytes: new Uint8Array(0), ends: new Uint32Array(rowCount) },
    properties: columnsOf(users.array, rowCount, draw).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Some rows, minutes and hours apart. */
function addUser(user: number, draw: Draw, users: GrowableUint32, times: GrowableUint32): void {
  let time = Math.floor(draw() * 0.6 * dayMs);
  for (let row = draw() * 6; row >= 0 && time < dayMs; row--) {
    users.push(user);
    times.push(time);
    time += 1 + Math.floor(Math.exp(draw() * 15));
  }
}

function columnsOf(users: Uint32Array, rowCount: number, draw: Draw): SegmentProperty[] {
  const columns = columnKinds.map(({ name, values }) => ({
    name,
    codes: new Uint32Array(rowCount),
    values: [null, ...values],
  }));
  for (let row = 0; row < rowCount; row++) {
    const base = 1 + Math.floor(draw() ** 3 * 300);
    for (const [i, { codeOf }] of columnKinds.entries()) {
      columns[i].codes[row] = codeOf(users[row], base, draw);
    }
  }
  return columns;
}

/** Numbers from 0 to below 1 by a linear congruence: the same on every machine. */
function drawOf(seed: number): Draw {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
