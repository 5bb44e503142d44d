import type { QueryInput } from '@arbor/schema/query';
import { NotAskable } from '../ask/not-askable.ts';
import { toQuery } from '../ask/to-query.ts';
import type { CaseExpected, ConformanceCase } from '../cases/case-types.ts';
import {
  choiceAbout,
  isRuleName,
  ruleNames,
  rulePlans,
  type RuleName,
  type Rules,
} from './rules.ts';

/** A question with the numbers that must come out. */
export interface Judgement {
  /** What is asked for beside Arbor's defaults, "rule=value"; empty = nothing. */
  readonly options: readonly string[];
  readonly rules: Rules;
  readonly query: QueryInput;
  readonly expected: CaseExpected;
}

export interface CaseJudgements {
  readonly given: ConformanceCase;
  readonly judgements: readonly Judgement[];
  /** Why sides of the case were left out; a case without any judgement has at least one. */
  readonly refusals: readonly string[];
}

/** The numbers of a case under one set of rules. */
interface Side {
  readonly rules: Rules;
  readonly expected: CaseExpected;
}

/**
 * Every side of a case that Arbor can be asked for. A case gives numbers under the README's rules with its own
 * changes, and maybe under one other rule each. Rules it hangs on must be asked for as they are; of options it
 * does not hang on it is asked with ours and with its own, and both must give the same numbers.
 */
export function judgementsOf(given: ConformanceCase): CaseJudgements {
  const named = namedRules(given);
  const judgements: Judgement[] = [];
  const refusals = new Set<string>();
  const seen = new Set<string>();
  for (const { rules, expected } of sidesOf(given)) {
    for (const unnamed of ['arbor', 'caseDefault'] as const) {
      try {
        const asked = askedRules(rules, named, unnamed);
        const query = toQuery(given, asked);
        const key = JSON.stringify([query, asked.weekStart, expected]);
        if (seen.has(key)) continue;
        seen.add(key);
        judgements.push({ options: optionsOf(asked, given), rules: asked, query, expected });
      } catch (error) {
        if (!(error instanceof NotAskable)) throw error;
        refusals.add(error.feature);
      }
    }
  }
  return { given, judgements, refusals: [...refusals] };
}

/** Cases whose numbers hang on a rule that their `choice` does not name. */
const alsoNamed: Readonly<Record<string, readonly RuleName[]>> = {
  // Followed alone, the first entry is spoilt: nobody is left, or somebody who stays at step 1.
  'posthog-funnel-063': ['exclusion'],
  // Where a repeat breaks the chain, a first entry that is repeated at once goes no further; a later one does.
  'clickhouse-funnel-014': ['entry'],
};

function namedRules({ id, choice, rules = {}, alternatives = {} }: ConformanceCase): Set<RuleName> {
  const named = new Set<RuleName>(alsoNamed[id] ?? []);
  for (const text of choice?.split(' / ') ?? []) {
    const about = choiceAbout(text);
    if (about === undefined) throw new Error(`${id}: nobody has decided the choice "${text}"`);
    if (about !== 'agreed') named.add(about);
  }
  const changed = Object.keys(alternatives).map((key) => key.split('=')[0]);
  for (const name of [...Object.keys(rules), ...changed]) named.add(ruleNamed(name, id));
  return named;
}

function ruleNamed(name: string, id: string): RuleName {
  if (isRuleName(name)) return name;
  throw new Error(`${id}: nobody has decided the rule "${name}"`);
}

function sidesOf(given: ConformanceCase): Side[] {
  const { weekStart } = given.query;
  const defaults = Object.fromEntries(
    ruleNames.map((name) => [name, rulePlans[name].caseDefault]),
  ) as Rules;
  const rules = { ...defaults, ...given.rules, ...(weekStart && { weekStart }) };
  const others = Object.entries(given.alternatives ?? {}).map(([key, expected]): Side => {
    const [name, value] = key.split('=');
    return { rules: { ...rules, [name]: value }, expected };
  });
  return [{ rules, expected: given.expected }, ...others];
}

/** The rules a question is asked under; throws where one the case hangs on cannot be asked for. */
function askedRules(
  rules: Rules,
  named: ReadonlySet<RuleName>,
  unnamed: 'arbor' | 'caseDefault',
): Rules {
  const asked = ruleNames.map((name) => {
    const { arbor, askable, isOption, isSettled } = rulePlans[name];
    const wanted = rules[name];
    const canAsk = askable.includes(wanted) || isSettled?.(rules) === true;
    if (named.has(name)) {
      if (!canAsk) throw new NotAskable(`the rule ${name}=${wanted}`);
      return [name, wanted];
    }
    return [name, canAsk && !(isOption && unnamed === 'arbor') ? wanted : arbor];
  });
  return Object.fromEntries(asked) as Rules;
}

/** The rules without which the question would be another one, or its weeks. */
function optionsOf(rules: Rules, given: ConformanceCase): string[] {
  const query = JSON.stringify(toQuery(given, rules));
  const hasWeeks = query.includes('"unit":"week"');
  const matters = (name: RuleName): boolean => {
    if (name === 'weekStart') return hasWeeks;
    const { arbor, askable } = rulePlans[name];
    const others = { ...rules, [name]: arbor };
    return askable.includes(arbor) && JSON.stringify(toQuery(given, others)) !== query;
  };
  return ruleNames
    .filter((name) => rules[name] !== rulePlans[name].arbor && matters(name))
    .map((name) => `${name}=${rules[name]}`);
}
