// AssemblyScript, not TypeScript: compiled by test/compile-wasm.ts into src/format/segment/codec/encode-wasm.ts.
//
// What codecs are chosen by is counted of each list of numbers of a segment: several times as many numbers as the segment has
// rows. Every address is given by the caller, who sees to it that all that is read and written lies inside the memory.

/** Classes of numbers: the bits that they need, 0 … 32. */
const classCount: u32 = 33;
/**
 * Numbers that follow each other mostly have one class: four counts of each take turns, so that none waits for the one
 * before to be stored.
 */
const laneBytes: usize = 64 << 2;
const lanesBytes: usize = 4 * laneBytes;
/** So many votes find the number that is nearly everywhere; where it is half of all, nobody asks for it. */
const votesMax: u32 = 512;

/** The least and the greatest of `count` numbers from `at` on, at least one: two times u32 to `target`. */
export function range(at: usize, count: u32, target: usize): void {
  const end = at + ((<usize>count) << 2);
  let min = load<u32>(at);
  let max = min;
  if (count >= 4) {
    let mins = v128.load(at);
    let maxs = mins;
    for (; at + 16 <= end; at += 16) {
      const numbers = v128.load(at);
      mins = i32x4.min_u(mins, numbers);
      maxs = i32x4.max_u(maxs, numbers);
    }
    min = min4(mins);
    max = max4(maxs);
  }
  for (; at < end; at += 4) {
    const number = load<u32>(at);
    min = number < min ? number : min;
    max = number > max ? number : max;
  }
  store<u32>(target, min);
  store<u32>(target, max, 4);
}

function min4(numbers: v128): u32 {
  const halves = i32x4.min_u(numbers, v128.shuffle<u32>(numbers, numbers, 2, 3, 0, 1));
  const all = i32x4.min_u(halves, v128.shuffle<u32>(halves, halves, 1, 0, 3, 2));
  return <u32>i32x4.extract_lane(all, 0);
}

function max4(numbers: v128): u32 {
  const halves = i32x4.max_u(numbers, v128.shuffle<u32>(numbers, numbers, 2, 3, 0, 1));
  const all = i32x4.max_u(halves, v128.shuffle<u32>(halves, halves, 1, 0, 3, 2));
  return <u32>i32x4.extract_lane(all, 0);
}

/**
 * Counts a sample, at least one number, for `sequenceStats`. To `target`, u32 each: 33 times numbers by class; 33 times
 * steps by class; runs; longest run; the majority; how many numbers are that. Steps are less 1 where all ascend, else
 * zigzag. `lanes`: 2 KiB for this call.
 */
export function countSample(
  at: usize,
  count: u32,
  isAscending: u32,
  lanes: usize,
  target: usize,
): void {
  memory.fill(lanes, 0, lanesBytes * 2);
  const majority = majorityOf(at, count);
  const end = at + ((<usize>count) << 2);
  const zigzag = 1 - isAscending;
  let before = load<u32>(at);
  let runCount: u32 = 1;
  let runLength: u32 = 0;
  let runLengthMax: u32 = 1;
  let majorityCount: u32 = 0;
  for (let lane = lanes; at < end; at += 4) {
    const number = load<u32>(at);
    const difference = <i32>(number - before);
    const step = <u32>((difference << zigzag) ^ ((difference >> 31) & -zigzag)) - isAscending;
    addOne(lane, number);
    addOne(lane + lanesBytes, step);
    lane = lanes + ((lane - lanes + laneBytes) & (lanesBytes - 1));
    const isSame = <u32>(difference === 0);
    runCount += isSame ^ 1;
    runLength = (runLength & -isSame) + 1;
    runLengthMax = max(runLengthMax, runLength);
    majorityCount += <u32>(number === majority);
    before = number;
  }
  const steps = target + (classCount << 2);
  addLanes(lanes, target);
  addLanes(lanes + lanesBytes, steps);
  // No step leads to the first number.
  const firstStep = steps + ((isAscending === 1 ? 32 : 0) << 2);
  store<u32>(firstStep, load<u32>(firstStep) - 1);
  const rest = target + (classCount << 3);
  store<u32>(rest, runCount);
  store<u32>(rest, runLengthMax, 4);
  store<u32>(rest, majority, 8);
  store<u32>(rest, majorityCount, 12);
}

/** One more of the class of the number. */
function addOne(lane: usize, number: u32): void {
  const place = lane + ((<usize>(32 - clz<u32>(number))) << 2);
  store<u32>(place, load<u32>(place) + 1);
}

function addLanes(from: usize, target: usize): void {
  for (let at: usize = 0; at < (<usize>classCount) << 2; at += 4) {
    const first = load<u32>(from + at) + load<u32>(from + laneBytes + at);
    const second = load<u32>(from + 2 * laneBytes + at) + load<u32>(from + 3 * laneBytes + at);
    store<u32>(target + at, first + second);
  }
}

/** Boyer and Moore's vote among some of the numbers: the candidate that is left is the majority, if there is one. */
function majorityOf(at: usize, count: u32): u32 {
  const step = (<usize>((count + votesMax - 1) / votesMax)) << 2;
  const end = at + ((<usize>count) << 2);
  let majority: u32 = 0;
  let votes: i32 = 0;
  for (; at < end; at += step) {
    const number = load<u32>(at);
    majority = votes === 0 ? number : majority;
    votes += number === majority ? 1 : -1;
  }
  return majority;
}
