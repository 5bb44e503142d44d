import type { QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { ConformanceCase } from '../cases/case-types.ts';
import { differences, type Difference } from './differences.ts';
import type { CaseJudgements, Judgement } from './judgements.ts';
import { asserted, observed } from './observed.ts';
import { assertedPeople, observedPeople } from './people.ts';
import type { Rules } from './rules.ts';

/** How a question reaches the engine: `rows`, `segments`, or a stack. */
export interface Way {
  readonly name: string;
  ask(given: ConformanceCase, query: QueryInput, rules: Rules): Promise<QueryResult>;
}

/** What is wrong with the answer to one judgement, on one way. */
export interface Failure {
  readonly way: string;
  readonly options: readonly string[];
  readonly differences: readonly Difference[];
  /** Set where there was no answer. */
  readonly error?: string;
}

/** A case passes when it could be asked, and every answer was right on every way. */
export interface Verdict {
  readonly id: string;
  readonly notes: string;
  readonly passed: boolean;
  /** Questions that were asked. */
  readonly asked: number;
  /** Why the case could not be asked at all; empty where it could. */
  readonly notAsked: readonly string[];
  readonly failures: readonly Failure[];
}

/** Judges a case on every way, one question after the other. */
export async function judge(own: CaseJudgements, ways: readonly Way[]): Promise<Verdict> {
  const { given, judgements, refusals } = own;
  const failures: Failure[] = [];
  for (const way of ways) {
    for (const judgement of judgements) {
      const failure = await failureOf(given, judgement, way);
      if (failure !== null) failures.push(failure);
    }
  }
  return {
    id: given.id,
    notes: given.notes ?? '',
    passed: judgements.length > 0 && failures.length === 0,
    asked: judgements.length * ways.length,
    notAsked: judgements.length === 0 ? refusals : [],
    failures,
  };
}

async function failureOf(
  given: ConformanceCase,
  judgement: Judgement,
  way: Way,
): Promise<Failure | null> {
  const about = { way: way.name, options: judgement.options };
  const ask = (query: QueryInput): Promise<QueryResult> => way.ask(given, query, judgement.rules);
  try {
    const result = await ask(judgement.query);
    const found = [
      ...differences(asserted(judgement, given), observed(result, judgement, given)),
      ...differences(
        assertedPeople(judgement),
        await observedPeople(ask, result, judgement, given),
      ),
    ];
    return found.length === 0 ? null : { ...about, differences: found };
  } catch (error) {
    return { ...about, differences: [], error: String(error) };
  }
}

/** Two passes over one case, for instance before and after its rows were indexed. */
export function joined(first: Verdict, second: Verdict): Verdict {
  return {
    ...first,
    passed: first.passed && second.passed,
    asked: first.asked + second.asked,
    failures: [...first.failures, ...second.failures],
  };
}
