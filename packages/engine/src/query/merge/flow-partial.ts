import type { Segment } from '@arbor/schema/result';
import type { SegmentCells } from './partial.ts';

/** Counts of a flow (8): additive, because a path is of one user. */
export interface FlowPartial {
  readonly type: 'flow';
  readonly overall: FlowCells;
  readonly segments: readonly SegmentCells<FlowCells>[];
}

/** What an event is shown as. */
export interface FlowLabel {
  readonly event: string;
  /** Of the property that the event is expanded by. */
  readonly value?: Segment;
}

/** Label of whoever dropped off, in place of an event. */
export const droppedOff = -1;

export interface FlowCells {
  /** How many paths there are, and how many of them reach each anchor. */
  readonly entries: number;
  readonly anchors: readonly number[];
  /** Each once; what follows names them by their index. */
  readonly labels: readonly FlowLabel[];
  /** A label at a place (an index of `flowColumns`), each once. */
  readonly nodes: {
    readonly columns: readonly number[];
    readonly labels: readonly number[];
    readonly counts: readonly number[];
  };
  /** From the node that a path had before to the next one, by index of the nodes. */
  readonly links: {
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly counts: readonly number[];
  };
  /**
   * Whole paths from the first anchor on, as a tree of labels: `parents` are indices into the same lists, lower
   * than a part's own, −1 at the beginning. `ends`: how many paths end here; of these `converted` reached
   * the last anchor. Empty where the plan asks for no paths.
   */
  readonly paths: {
    readonly parents: readonly number[];
    readonly labels: readonly number[];
    readonly ends: readonly number[];
    readonly converted: readonly number[];
  };
}
