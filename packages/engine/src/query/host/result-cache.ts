import type { Plan } from '../plan/plan-types.ts';
import { observedEnd } from '../plan/retention.ts';
import type { ScanAnswer } from './query-run.ts';

/**
 * Answers that were given before, by everything that decides them; bounded by bytes, the one used longest
 * ago goes first. A dashboard that is opened again finds what of its answers cannot have changed.
 */
export class ResultCache {
  readonly #bytesMax: number;
  readonly #answers = new Map<string, ScanAnswer>();
  #bytes = 0;
  #hits = 0;

  /** 0 = keeps nothing. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get isOn(): boolean {
    return this.#bytesMax > 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hits(): number {
    return this.#hits;
  }

  get(key: string): ScanAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#hits++;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  set(key: string, answer: ScanAnswer): void {
    const bytes = bytesOf(key, answer);
    // One that takes much of the room would only drive out many others.
    if (bytes > this.#bytesMax / 4) return;
    this.#delete(key);
    this.#answers.set(key, answer);
    this.#bytes += bytes;
    for (const [oldest] of this.#answers) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    const answer = this.#answers.get(key);
    if (answer === undefined) return;
    this.#answers.delete(key);
    this.#bytes -= bytesOf(key, answer);
  }
}

function bytesOf(key: string, { partials }: ScanAnswer): number {
  return partials.reduce((sum, partial) => sum + partial.length, key.length);
}

/**
 * The plan as far as partial results depend on it, as text. Every query is asked at another instant,
 * which decides something only where it cuts what is looked at.
 */
export function planKey(plan: Plan): string {
  const key = JSON.stringify({ ...plan, nowMs: decidingInstant(plan) });
  // A formula may ask what day it is; where the word means something else, an answer is worked out once more.
  const asksToday = key.includes('"formula"') && /today/i.test(key);
  return asksToday ? JSON.stringify(plan) : key;
}

function decidingInstant(plan: Plan): number {
  switch (plan.type) {
    case 'insights':
    case 'cohort':
      return 0;
    case 'funnel':
      // Whose window is over at the end of the longest has been judged for good.
      return Math.min(plan.nowMs, plan.endMs + plan.windowMs + 1);
    case 'frequency':
    case 'flow':
    case 'list':
    case 'users':
      return plan.nowMs;
    case 'retention':
      return Math.min(plan.nowMs, observedEnd(plan));
  }
}
