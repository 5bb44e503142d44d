import type { CaseExpected, ConformanceCase } from './case-types.ts';

/**
 * Which side Arbor takes where a case hangs on a product choice: reports.md, with decisions 7 and 8.
 * Grace is an option (5.3), so a case may ask for it.
 */
export const ourRules: Readonly<Record<string, string>> = {
  entry: 'first',
  sameTime: 'any',
  edge: 'inclusive',
  conversion: 'after-range',
  reentry: 'after-exit',
  zero: 'returned',
  rollingBirths: 'each',
  returnValue: 'any',
  activeWindow: 'trailing',
  emptyBucket: 'null',
  emptyText: 'own',
  missing: 'keep',
};

/** What a case takes for granted where its `rules` say nothing. */
const defaultRules: Readonly<Record<string, string>> = {
  entry: 'latest',
  sameTime: 'any',
  edge: 'inclusive',
  conversion: 'in-range',
  reentry: 'per-value',
  zero: 'size',
  rollingBirths: 'first',
  returnValue: 'same',
  activeWindow: 'bucket',
  emptyBucket: 'zero',
  emptyText: 'absent',
  missing: 'keep',
};

/** Words of `choice` that name a rule the case hangs on. */
const ruleByChoice: readonly (readonly [RegExp, string])[] = [
  [/^entry:/, 'entry'],
  [/^equal (or nearly equal )?timestamps/, 'sameTime'],
  [/^window edge/, 'edge'],
  [/is every value a funnel of its own/, 'reentry'],
  [/^column 0/, 'zero'],
  [/^rolling buckets/, 'rollingBirths'],
  [/^event breakdown: must the return/, 'returnValue'],
  [/^wau or mau/, 'activeWindow'],
  [/^average of no events/, 'emptyBucket'],
  [/^breakdown value ""/, 'emptyText'],
  [/^missing breakdown value/, 'missing'],
];

/** Choices on which Arbor and the case agree, or which an option of the query settles. */
const agreed = [
  /^week start day$/,
  /^quantile interpolation$/,
  /^first partial bucket: only events inside the range/,
  /^does the incomplete current bucket belong/,
];

/** Cases whose numbers contradict reports.md, each with the rule that Arbor follows. */
const contradicting: Readonly<Record<string, string>> = {
  'posthog-retention-007': 'the case counts its last week whole; the range limits births (2.1)',
};

/** The numbers that hold under our rules; undefined where the case does not give them. */
export function expectedUnderOurRules(given: ConformanceCase): CaseExpected | undefined {
  if (given.id in contradicting) return undefined;
  const choices = given.choice?.split(' / ') ?? [];
  const hangsOn = choices
    .filter((choice) => !agreed.some((pattern) => pattern.test(choice)))
    .map((choice) => ruleByChoice.find(([pattern]) => pattern.test(choice))?.[1]);
  if (hangsOn.includes(undefined)) return undefined;
  const differing = hangsOn
    .filter((rule) => rule !== undefined)
    .filter((rule) => !isAskedFor(rule, given))
    .filter((rule) => (given.rules?.[rule] ?? defaultRules[rule]) !== ourRules[rule]);
  if (differing.length === 0) return given.expected;
  if (differing.length > 1) return undefined;
  return given.alternatives?.[`${differing[0]}=${ourRules[differing[0]]}`];
}

/** Grace is an option of the query: the translation asks for it where the case has it. */
function isAskedFor(rule: string, { rules }: ConformanceCase): boolean {
  return rule === 'sameTime' && rules?.[rule] === 'grace';
}
