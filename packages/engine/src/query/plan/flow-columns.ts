import type { FlowPlan } from './plan-types.ts';

/** A place of a flow where events are shown, counted from an anchor: 0 = the anchor itself. */
export interface FlowColumn {
  readonly anchor: number;
  /** −before … after. */
  readonly step: number;
}

/** All places in the order in which a path goes through them. */
export function flowColumns(anchors: Pick<FlowPlan, 'anchors'>['anchors']): FlowColumn[] {
  return anchors.flatMap(({ before, after }, anchor) =>
    Array.from({ length: before + 1 + after }, (_, n) => ({ anchor, step: n - before })),
  );
}

/** Index of each anchor's own place among `flowColumns`. */
export function anchorColumns(anchors: Pick<FlowPlan, 'anchors'>['anchors']): number[] {
  let next = 0;
  return anchors.map(({ before, after }) => {
    const own = next + before;
    next = own + after + 1;
    return own;
  });
}
