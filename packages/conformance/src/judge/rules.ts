/**
 * Choices that products make differently, by the names of the cases' README. `docs/choices.md` says why Arbor
 * takes the side it takes.
 */
export type RuleName =
  | 'entry'
  | 'exclusion'
  | 'sameTime'
  | 'edge'
  | 'strictRepeat'
  | 'conversion'
  | 'reentry'
  | 'weekStart'
  | 'zero'
  | 'rollingBirths'
  | 'returnValue'
  | 'activeWindow'
  | 'emptyBucket'
  | 'divZero'
  | 'emptyText'
  | 'missing'
  | 'unreached';

/** One side of every choice. */
export type Rules = Readonly<Record<RuleName, string>>;

interface RulePlan {
  /** What a case takes for granted. */
  readonly caseDefault: string;
  /** What Arbor does when nothing is said. */
  readonly arbor: string;
  /** Sides that a query can ask for, by an option or by a form of the question. */
  readonly askable: readonly string[];
  /** Other rules under which the sides are the same. */
  readonly isSettled?: (rules: Rules) => boolean;
  /** An option of the report, so that cases that do not hang on it must hold on both sides. */
  readonly isOption?: true;
}

export const rulePlans: Readonly<Record<RuleName, RulePlan>> = {
  entry: {
    caseDefault: 'latest',
    arbor: 'first',
    askable: ['first', 'latest'],
    isOption: true,
  },
  exclusion: {
    caseDefault: 'drop',
    arbor: 'stop',
    askable: ['stop', 'drop'],
    isOption: true,
  },
  sameTime: { caseDefault: 'any', arbor: 'any', askable: ['any', 'grace'] },
  edge: { caseDefault: 'inclusive', arbor: 'inclusive', askable: ['inclusive'] },
  strictRepeat: { caseDefault: 'break', arbor: 'break', askable: ['break', 'allow'] },
  conversion: {
    caseDefault: 'in-range',
    arbor: 'after-range',
    askable: ['after-range', 'in-range'],
    isOption: true,
  },
  reentry: {
    caseDefault: 'per-value',
    arbor: 'after-exit',
    askable: ['after-exit', 'per-value'],
    isOption: true,
  },
  weekStart: { caseDefault: 'sunday', arbor: 'monday', askable: ['monday', 'sunday'] },
  // Our interval 0 wants a return. A case lets us leave column 0 out, which repeats the size.
  zero: { caseDefault: 'size', arbor: 'returned', askable: ['size', 'returned'] },
  rollingBirths: { caseDefault: 'first', arbor: 'each', askable: ['first', 'each'] },
  returnValue: { caseDefault: 'same', arbor: 'any', askable: ['any', 'same'] },
  // People of the calendar bucket are the measure `unique`.
  activeWindow: { caseDefault: 'bucket', arbor: 'trailing', askable: ['bucket', 'trailing'] },
  // A chart may draw our "no value" as 0.
  emptyBucket: { caseDefault: 'zero', arbor: 'null', askable: ['zero', 'null'] },
  divZero: { caseDefault: 'zero', arbor: 'null', askable: ['zero', 'null'], isOption: true },
  emptyText: { caseDefault: 'absent', arbor: 'own', askable: ['own'] },
  missing: { caseDefault: 'keep', arbor: 'keep', askable: ['keep', 'drop'] },
  // Not among the README's names: what people who never reach the step of the value are.
  unreached: {
    caseDefault: 'out',
    arbor: 'not-set',
    askable: ['not-set'],
    isSettled: ({ missing }) => missing === 'drop',
  },
};

export const ruleNames = Object.keys(rulePlans) as readonly RuleName[];

export const isRuleName = (name: string): name is RuleName => Object.hasOwn(rulePlans, name);

/** What a choice of a case is about: a rule, or nothing on which we could differ. */
export type Choice = RuleName | 'agreed';

/** The texts of `choice`, each with what decides it. */
const choices: readonly (readonly [text: RegExp, about: Choice])[] = [
  [/^entry:/, 'entry'],
  [/^exclusion: does it drop/, 'exclusion'],
  // Any order: what is spoilt is the attempt, whichever event began it.
  [/^exclusion with steps in any order/, 'exclusion'],
  [/^strict order: does a repeat/, 'strictRepeat'],
  [/^equal (or nearly equal )?timestamps/, 'sameTime'],
  [/^window edge/, 'edge'],
  [/^conversion: may a step lie after the range/, 'conversion'],
  [/is every value a funnel of its own/, 'reentry'],
  [/one segment per matching value, or only the value of the step that counted/, 'reentry'],
  [/^week start day/, 'weekStart'],
  [/^column 0/, 'zero'],
  [/^rolling buckets/, 'rollingBirths'],
  [/^event breakdown: must the return/, 'returnValue'],
  [/^wau or mau/, 'activeWindow'],
  [/^average of no events/, 'emptyBucket'],
  [/^division by zero/, 'divZero'],
  [/^breakdown value ""/, 'emptyText'],
  [/^missing breakdown value/, 'missing'],
  [/people who never reach that step are left out/, 'unreached'],
  // The case filters the events of every step, which with us are filters of the steps (5.8).
  [/^filters on the whole funnel report/, 'agreed'],
  // A user has one attempt (5.2).
  [/^several complete runs of one person: times of the first run/, 'agreed'],
  [/^bin edges of the time-to-convert histogram/, 'agreed'],
  [/^segments past the limit: together/, 'agreed'],
  // A funnel a bucket (5.11).
  [/^funnel trend: one person counts once in every period/, 'agreed'],
  // Ranges of cases are absolute.
  [/^relative range/, 'agreed'],
  [/^does the incomplete current bucket belong/, 'agreed'],
  [/^quantile interpolation/, 'agreed'],
  [/^first partial bucket: only events inside the range/, 'agreed'],
];

/** Undefined where nobody has decided yet. */
export function choiceAbout(text: string): Choice | undefined {
  return choices.find(([pattern]) => pattern.test(text))?.[1];
}
