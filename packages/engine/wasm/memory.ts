// AssemblyScript, not TypeScript: part of event-lines.ts.
import { outOfMemory } from './host.ts';

/** Blocks are powers of two long, and not shorter than this. */
const blockBytesMin: u32 = 1024;
/** By logarithm of their size: the first free block, whose first word is the next one. */
const freeBlocks: usize = memory.data(4 * 33, 4);
/** Behind the last block. */
let top: u64 = __heap_base;

/** A block of at least so many bytes, of any content. */
export function allocate(bytes: u32): usize {
  const log = logOf(bytes);
  const head = freeBlocks + ((<usize>log) << 2);
  const block = <usize>load<u32>(head);
  if (block !== 0) {
    store<u32>(head, load<u32>(block));
    return block;
  }
  const address = top;
  const pages = <i32>((address + ((<u64>1) << log) + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) outOfMemory(bytes);
  top += (<u64>1) << log;
  return <usize>address;
}

/** Takes back a block that was allocated for so many bytes. */
export function release(block: usize, bytes: u32): void {
  const head = freeBlocks + ((<usize>logOf(bytes)) << 2);
  store<u32>(block, load<u32>(head));
  store<u32>(head, <u32>block);
}

/** The block, or a larger one that holds what it held, if it has no room for so many bytes. */
export function reallocate(block: usize, bytes: u32, bytesWanted: u32): usize {
  if (logOf(bytes) >= logOf(bytesWanted)) return block;
  const other = allocate(bytesWanted);
  memory.copy(other, block, bytes);
  release(block, bytes);
  return other;
}

/** Of the size of the block that holds so many bytes. */
function logOf(bytes: u32): u32 {
  return 32 - clz<u32>(max(bytes, blockBytesMin) - 1);
}
