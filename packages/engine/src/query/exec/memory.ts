import { invalidQuery } from '../plan/invalid-query.ts';

/** 2^26 cells of a double are 512 MB, a third of what a query may take (architecture, section 10). */
const cellsMax = 2 ** 26;

/** Refuses before memory is taken; a report is never cut silently. */
export function cellCount(slots: number, cellsPerSlot: number): number {
  const cells = slots * cellsPerSlot;
  if (cells > cellsMax) {
    throw invalidQuery(
      `the breakdown has ${slots} segments with ${cellsPerSlot} cells each, more than the ` +
        `${cellsMax} that fit into memory: filter it, shorten the range or use a longer unit`,
    );
  }
  return cells;
}
