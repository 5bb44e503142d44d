import type { FlowColumn } from '../plan/flow-columns.ts';
import type { FlowLabel } from './flow-partial.ts';

/**
 * Keys of nodes are JSON: [anchor, step, event], with [type, text] of the value behind it where the event is
 * expanded. Other events are what none of the nodes beside them is: [anchor, step, null, theirs …], theirs without
 * anchor and step. So a key says by itself what lies behind it, whatever answer it came from.
 */
export function nodeKey({ anchor, step }: FlowColumn, label: FlowLabel): string {
  return JSON.stringify([anchor, step, ...namesOf(label)]);
}

export function otherKey({ anchor, step }: FlowColumn, shown: readonly FlowLabel[]): string {
  return JSON.stringify([anchor, step, null, ...shown.map(namesOf)]);
}

/** What a key speaks of; null = it is none. */
export interface FlowKey extends FlowColumn {
  readonly has: (label: FlowLabel) => boolean;
}

export function parseNodeKey(key: string): FlowKey | null {
  const parts = parseList(key);
  if (parts === null) return null;
  const [anchor, step, event, ...rest] = parts;
  if (typeof anchor !== 'number' || typeof step !== 'number') return null;
  if (typeof event === 'string') {
    const own = JSON.stringify([event, ...rest]);
    return { anchor, step, has: (label) => JSON.stringify(namesOf(label)) === own };
  }
  if (event !== null) return null;
  const shown = new Set(rest.map((names) => JSON.stringify(names)));
  return { anchor, step, has: (label) => !shown.has(JSON.stringify(namesOf(label))) };
}

function parseList(key: string): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(key);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    // Any text may be sent as a key; the caller says that it is none.
    return null;
  }
}

function namesOf({ event, value }: FlowLabel): string[] {
  return value === undefined ? [event] : [event, value.type, value.text];
}

/** By name, then by the value that the event is expanded by: the same whatever the locale. */
export function compareLabels(label: FlowLabel, other: FlowLabel): number {
  return (
    compareText(label.event, other.event) ||
    compareText(label.value?.text ?? '', other.value?.text ?? '') ||
    compareText(label.value?.type ?? '', other.value?.type ?? '')
  );
}

/** By code unit. */
export function compareText(text: string, other: string): number {
  if (text === other) return 0;
  return text < other ? -1 : 1;
}
