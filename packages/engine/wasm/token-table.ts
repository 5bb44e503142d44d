// AssemblyScript, not TypeScript: part of event-lines.ts.
/* oxlint-disable no-loss-of-precision -- numbers of 64 bits are exact in AssemblyScript. */
import { outOfMemory } from './host.ts';
import { allocate, reallocate, release } from './memory.ts';

/**
 * Byte strings, each within an `owner` and with a value: a table with open addressing, whose slots hold strings of up to
 * 16 bytes themselves. Tables are larger than the processor's caches, and finding costs waiting for one slot.
 *
 * A table, five times u32: address of the slots | slots − 1 | tokens | address of the texts | bytes of them.
 * A slot: u64 first 8 bytes of a short text, or a hash of a long one | u64 the next 8, or the last 8 | u32 owner | u32 1 +
 * length, 0 = free | u32 value | u32 place of a long text among the texts.
 */
const slotBits: u32 = 5;
const firstSlots: u32 = 512;
/** More would take all memory that there can be. */
const slotsMax: u32 = 1 << 26;
/** Longer ones lie among the texts. */
const shortMax: u32 = 16;
/** What may be read behind a text and is not looked at. */
export const slackBytes: u32 = 16;

/** 16 bytes of ones, 16 of zeros: read n bytes before the middle, they leave n bytes. */
const masks: usize = memory.data<u8>(
  [
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  ],
  16,
);

/** What the slot of the text that `keyOf` read last begins with. */
let low: u64 = 0;
let high: u64 = 0;

/** Makes a table empty. What it had must be released before. */
export function initialize(table: usize): void {
  store<u32>(table, <u32>emptySlots(firstSlots));
  store<u32>(table, firstSlots - 1, 4);
  store<u32>(table, 0, 8);
  store<u32>(table, <u32>allocate(slackBytes), 12);
  store<u32>(table, 0, 16);
}

export function clear(table: usize): void {
  release(load<u32>(table), (load<u32>(table, 4) + 1) << slotBits);
  release(load<u32>(table, 12), load<u32>(table, 16) + slackBytes);
  initialize(table);
}

/** Tokens. */
export function countOf(table: usize): u32 {
  return load<u32>(table, 8);
}

/** Memory that tokens take. */
export function bytesOf(table: usize): u32 {
  return (load<u32>(table, 8) << slotBits) + load<u32>(table, 16);
}

/** The value of the token of `length` bytes at `start`; −1 = it was not added. */
export function find(table: usize, start: usize, length: u32, owner: u32): i32 {
  keyOf(start, length);
  const slots = <usize>load<u32>(table);
  const last = load<u32>(table, 4);
  const what = (<u64>owner) | ((<u64>(length + 1)) << 32);
  let place = hashOf(low, high, owner) & last;
  while (true) {
    const slot = slots + ((<usize>place) << slotBits);
    const found = load<u64>(slot, 16);
    if (found === what && load<u64>(slot) === low && load<u64>(slot, 8) === high) {
      const isFound =
        length <= shortMax ||
        isSame(<usize>load<u32>(table, 12) + <usize>load<u32>(slot, 28), start, length);
      if (isFound) return load<i32>(slot, 24);
    }
    if (found >> 32 === 0) return -1;
    place = (place + 1) & last;
  }
}

/** Adds a token, of which `find` said −1. */
export function add(table: usize, start: usize, length: u32, owner: u32, value: u32): void {
  const count = load<u32>(table, 8) + 1;
  if (count * 4 > (load<u32>(table, 4) + 1) * 3) grow(table);
  store<u32>(table, count, 8);
  keyOf(start, length);
  const slots = <usize>load<u32>(table);
  const slot =
    slots + (freePlace(slots, load<u32>(table, 4), hashOf(low, high, owner)) << slotBits);
  store<u64>(slot, low);
  store<u64>(slot, high, 8);
  store<u32>(slot, owner, 16);
  store<u32>(slot, length + 1, 20);
  store<u32>(slot, value, 24);
  store<u32>(slot, length > shortMax ? append(table, start, length) : 0, 28);
}

/** Whether `length` bytes are the same at both addresses. Reads up to 16 bytes behind them. */
export function isSame(one: usize, other: usize, length: u32): bool {
  let i: usize = 0;
  for (; i + 16 <= <usize>length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(one + i), v128.load(other + i)))) return false;
  }
  const mask = v128.load(masks + 16 + i - <usize>length);
  const differing = v128.xor(v128.load(one + i), v128.load(other + i));
  return !v128.any_true(v128.and(differing, mask));
}

/** Sets `low` and `high`. */
function keyOf(start: usize, length: u32): void {
  if (length <= shortMax) {
    const text = v128.and(v128.load(start), v128.load(masks + 16 - <usize>length));
    low = i64x2.extract_lane(text, 0);
    high = i64x2.extract_lane(text, 1);
  } else {
    low = hashOfLong(start, length);
    high = load<u64>(start + <usize>length - 8);
  }
}

/** Of all but the last 8 bytes, some twice. */
function hashOfLong(start: usize, length: u32): u64 {
  let hash: u64 = length;
  const last = start + <usize>length - 8;
  for (let at = start; at < last; at += 8) {
    hash = rotl(hash ^ load<u64>(at), 29) * 0x9e3779b97f4a7c15;
  }
  return hash;
}

/** The products bring what differs up, and the high bits are taken. */
function hashOf(first: u64, second: u64, owner: u32): u32 {
  const hash = (first ^ (<u64>owner * 0xd6e8feb86659fd93)) * 0x9e3779b97f4a7c15;
  return <u32>((((hash ^ (hash >> 32)) + second) * 0xff51afd7ed558ccd) >> 32);
}

function freePlace(slots: usize, last: u32, hash: u32): usize {
  let place = hash & last;
  while (load<u32>(slots + ((<usize>place) << slotBits), 20) !== 0) place = (place + 1) & last;
  return place;
}

/** Place among the texts of a new one. */
function append(table: usize, start: usize, length: u32): u32 {
  const place = load<u32>(table, 16);
  const end = place + length;
  const texts = reallocate(load<u32>(table, 12), place + slackBytes, end + slackBytes);
  memory.copy(texts + place, start, length);
  store<u32>(table, <u32>texts, 12);
  store<u32>(table, end, 16);
  return place;
}

/** Doubles the slots, so that at most three of four are taken. */
function grow(table: usize): void {
  const old = <usize>load<u32>(table);
  const oldCount = load<u32>(table, 4) + 1;
  const count = oldCount << 1;
  if (count > slotsMax) outOfMemory(oldCount << slotBits);
  const slots = emptySlots(count);
  const end = old + ((<usize>oldCount) << slotBits);
  for (let slot = old; slot < end; slot += 1 << slotBits) {
    if (load<u32>(slot, 20) === 0) continue;
    const hash = hashOf(load<u64>(slot), load<u64>(slot, 8), load<u32>(slot, 16));
    const target = slots + (freePlace(slots, count - 1, hash) << slotBits);
    v128.store(target, v128.load(slot));
    v128.store(target, v128.load(slot, 16), 16);
  }
  release(old, oldCount << slotBits);
  store<u32>(table, <u32>slots);
  store<u32>(table, count - 1, 4);
}

function emptySlots(count: u32): usize {
  const slots = allocate(count << slotBits);
  memory.fill(slots, 0, (<usize>count) << slotBits);
  return slots;
}
