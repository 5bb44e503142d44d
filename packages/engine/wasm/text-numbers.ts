// AssemblyScript, not TypeScript: compiled by test/compile-wasm.ts into src/format/segment/codec/encode-wasm.ts.
//
// Texts of one shape, such as insert ids. Every address is given by the caller.

/** In a table of digits: the character was not found. */
const unknownDigit: u32 = 0x100;

/**
 * The numbers that texts of one length are written as (src/format/segment/byte-shapes.ts): all of a text while it is at
 * hand. False = some text has a character that is not in the alphabets. Text i begins at texts + starts[i] − base.
 *
 * `shape`, u32 each: how many places have one character alone; for each of these: place; that character. Then how many
 * groups; for each: first place; end. Then by place: number of its characters. `digits`: by place and byte the digit, u16.
 * `target`: numbers of the first group, `stride` bytes behind them those of the second.
 */
export function textNumbers(
  texts: usize,
  starts: usize,
  count: u32,
  base: u32,
  shape: usize,
  digits: usize,
  target: usize,
  stride: usize,
): bool {
  const fixed = shape + 4;
  const fixedEnd = fixed + ((<usize>load<u32>(shape)) << 3);
  const groups = fixedEnd + 4;
  const groupsEnd = groups + ((<usize>load<u32>(fixedEnd)) << 3);
  let seen: u32 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const text = texts + <usize>(load<u32>(starts + (i << 2)) - base);
    let different: u32 = 0;
    for (let at = fixed; at < fixedEnd; at += 8) {
      different |= (<u32>load<u8>(text + <usize>load<u32>(at))) ^ load<u32>(at, 4);
    }
    if (different !== 0) return false;
    let numbers = target + (i << 2);
    for (let at = groups; at < groupsEnd; at += 8, numbers += stride) {
      const end = <usize>load<u32>(at, 4);
      let number: u32 = 0;
      for (let place = <usize>load<u32>(at); place < end; place++) {
        const byte = <usize>load<u8>(text + place);
        const digit = <u32>load<u16>(digits + (place << 9) + (byte << 1));
        seen |= digit;
        number = number * load<u32>(groupsEnd + (place << 2)) + digit;
      }
      store<u32>(numbers, number);
    }
  }
  return (seen & unknownDigit) === 0;
}

/**
 * Notes which bytes occur at each place of texts of one length: at used + 256 * place + byte is 1 then. What stood there
 * before stays, so that texts may be given in parts.
 */
export function noteCharacters(
  texts: usize,
  starts: usize,
  count: u32,
  base: u32,
  length: u32,
  used: usize,
): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const text = texts + <usize>(load<u32>(starts + (i << 2)) - base);
    let row = used;
    for (let place: usize = 0; place < <usize>length; place++, row += 256) {
      store<u8>(row + <usize>load<u8>(text + place), 1);
    }
  }
}

/** The bytes that were noted, ascending by place: u16 how many, then these; answers where they end. */
export function notedCharacters(used: usize, length: u32, target: usize): usize {
  let at = target;
  for (let place: usize = 0; place < <usize>length; place++) {
    const row = used + (place << 8);
    const head = at;
    at += 2;
    for (let from: u32 = 0; from < 256; from += 16) {
      let found = i8x16.bitmask(i8x16.eq(v128.load(row + <usize>from), i8x16.splat(1)));
      for (; found !== 0; found &= found - 1) {
        store<u8>(at, from + ctz(found));
        at++;
      }
    }
    store<u16>(head, <u16>(at - head - 2));
  }
  return at;
}
