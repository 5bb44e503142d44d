import type { ScanSource } from '../scan/scan-source.ts';

/** Nothing at all: to ask whether a plan has a fast scan, which the plan alone decides. */
export const emptySource: ScanSource = {
  eventNames: [],
  userCount: 0,
  mergedUsers: new Uint32Array(0),
  days: [],
  userId: () => '',
  personColumn: () => undefined,
};
