/**
 * Memory for numbers that are needed only while something is decoded. Fresh memory costs a page fault for each
 * 4 KiB, which is as much again as decoding into it. One pool a thread (module state is not shared
 * between threads); what is never given back, as after an error, is collected like anything else.
 */
const kept: Uint32Array[] = [];
const keptMax = 12;
/** Columns of up to 4 M rows; longer ones are rare and would only lie about. */
const keptLengthMax = 4 * 1024 * 1024;

/** `count` numbers, whatever they are. */
export function borrow(count: number): Uint32Array {
  let best = -1;
  for (let i = 0; i < kept.length; i++) {
    if (kept[i].length >= count && (best < 0 || kept[i].length < kept[best].length)) best = i;
  }
  const [array] = best < 0 ? [new Uint32Array(roundUp(count))] : kept.splice(best, 1);
  return array.subarray(0, count);
}

/** Takes back what `borrow` gave; nobody may use it any more. */
export function giveBack(array: Uint32Array): void {
  const whole = new Uint32Array(array.buffer);
  if (whole.length > keptLengthMax) return;
  kept.push(whole);
  if (kept.length <= keptMax) return;
  // The shortest is the easiest to make anew.
  let shortest = 0;
  for (let i = 1; i < kept.length; i++) if (kept[i].length < kept[shortest].length) shortest = i;
  kept.splice(shortest, 1);
}

/** To an eighth of the next power of two, so that columns of nearly the same length share memory. */
function roundUp(count: number): number {
  const step = Math.max(256, 2 ** (29 - Math.clz32(count)));
  return Math.ceil(count / step) * step;
}
