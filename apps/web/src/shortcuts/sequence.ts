/** How long a first key waits for its second (UX-K2). */
export const sequenceTimeoutMs = 1500;

export type KeyStep =
  | { readonly type: 'run'; readonly keys: string }
  | { readonly type: 'wait'; readonly pending: string }
  | { readonly type: 'none' };

/**
 * What a pressed key means after the keys that are waiting. `known` are the shortcuts of the view,
 * written as "g i". A key that does not continue the sequence begins a new one.
 */
export function nextStep(known: readonly string[], pending: string, key: string): KeyStep {
  const sequence = pending === '' ? key : `${pending} ${key}`;
  if (known.includes(sequence)) return { type: 'run', keys: sequence };
  if (known.some((keys) => keys.startsWith(`${sequence} `))) {
    return { type: 'wait', pending: sequence };
  }
  return pending === '' ? { type: 'none' } : nextStep(known, '', key);
}
