import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf, formula } from '../test/evaluate.ts';
import { propertyRuns, propertySeed } from '../test/property-runs.ts';
import { compilePattern } from './pattern.ts';
import { WorkBudget } from './work-budget.ts';

const span = { start: 3, end: 8 };

function patternOf(source: string) {
  const budget = new WorkBudget(span);
  budget.refill();
  return compilePattern(source, span, budget);
}

describe('compilePattern', () => {
  it.each([
    ['(?=b)', '"(?=" (invalid or unsupported Perl syntax)'],
    ['(?!b)', '"(?!" (invalid or unsupported Perl syntax)'],
    ['(a)\\1', '"\\1" (invalid escape sequence)'],
    ['a++', '"++" (invalid nested repetition operator)'],
    ['(?>a)', '"(?>" (invalid or unsupported Perl syntax)'],
    ['a\\Kb', '"\\K" (invalid escape sequence)'],
    ['(a', '"(a" (missing closing ))'],
    ['[z-a]', '"z-a" (invalid character class range)'],
    ['a{2000}', '"{2000}" (invalid repeat count)'],
  ])('names what it refuses in %s', (source, found) => {
    expect(errorOf(() => patternOf(source))).toMatchObject({
      code: 'bad-pattern',
      found,
      expected:
        'a pattern of RE2: without lookahead, backreferences, atomic groups and possessive quantifiers',
      ...span,
    });
  });

  it('refuses patterns that are long or large when written out', () => {
    expect(errorOf(() => patternOf('a'.repeat(1001))).found).toBe('a pattern of 1001 characters');
    expect(errorOf(() => patternOf('(\\w{900})(\\w{900})(\\w{900})')).code).toBe('bad-pattern');
  });

  it('underlines the pattern in the formula', () => {
    const error = errorOf(() => formula('1 + regex_match("a", "(?=b)")'));
    expect(error).toMatchObject({ start: 21, end: 28 });
  });

  it('knows lookbehind, groups by name, classes and flags', () => {
    expect(patternOf('(?<=@)\\w+').extract('a@b.c', 0)).toBe('b');
    expect(patternOf('(?P<a>x)(?<b>y)').extract('xy', 2)).toBe('y');
    expect(patternOf('^[[:alpha:]]+$').matches('ABC')).toBe(true);
    expect(patternOf('\\p{Greek}').matches('aλ')).toBe(true);
    expect(patternOf('(?s)a.b').matches('a\nb')).toBe(true);
    expect(patternOf('a.b').matches('a\nb')).toBe(false);
    expect(patternOf('(?m)^b$').matches('a\nb')).toBe(true);
  });

  it('ignores case until it is told not to', () => {
    expect(patternOf('é').matches('É')).toBe(true);
    expect(patternOf('(?-i)e').matches('E')).toBe(false);
    expect(patternOf('a(?-i)b').matches('AB')).toBe(false);
    expect(patternOf('a(?-i:b)c').matches('AbC')).toBe(true);
  });

  it('takes characters beyond the basic plane as one', () => {
    expect(patternOf('^.$').matches('😀')).toBe(true);
    expect(patternOf('b').replace('😀b😀', 'c')).toBe('😀c😀');
  });

  it('keeps text around matches, and replaces empty matches too', () => {
    expect(patternOf('b').replace('abcb', '[$0]')).toBe('a[b]c[b]');
    expect(patternOf('x*').replace('ab', '-')).toBe('-a-b-');
    expect(patternOf('(a)|b').replace('ab', '<$1$2${none}$>')).toBe('<a$><$>');
    expect(patternOf('a').replace('xyz', '-')).toBe('xyz');
  });

  it.each(['(a+)+$', '(x+x+)+y', '(a|aa)+$', '(.*)(.*)(.*)(.*)(.*)(.*)(.*)x$', '(?:a?){30}a{30}'])(
    'takes no more than its steps for %s',
    (source) => {
      const pattern = patternOf(source);
      expect(pattern.matches(`${'a'.repeat(255)}!`)).toBe(source.startsWith('(?:'));
    },
  );

  it('agrees with the engine of the language where both know the pattern', () => {
    const source = fc
      .array(fc.constantFrom('a', 'b', '.', 'a*', 'b+?', '(a|b)', '[^a]', 'x?', '^', '$', '\\b'), {
        maxLength: 5,
      })
      .map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', 'A', 'x', ' '), { maxLength: 8 });
    fc.assert(
      fc.property(source, text, (pattern, letters) => {
        const subject = letters.join('');
        const expected = new RegExp(pattern, 'i').exec(subject);
        const found = patternOf(pattern);
        expect(found.matches(subject)).toBe(expected !== null);
        expect(found.extract(subject, 0)).toBe(expected?.[0]);
        expect(found.extract(subject, 1)).toBe(expected?.[1]);
        expect(found.replace(subject, '-')).toBe(subject.replace(new RegExp(pattern, 'gi'), '-'));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});
