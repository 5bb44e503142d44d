import { describe, expect, it } from 'vitest';
import { csvFileName, toCsv } from './csv.ts';

describe('toCsv', () => {
  it('quotes separators, quotes and line breaks', () => {
    expect(toCsv([['a,b', 'say "hi"', 'two\nlines', 'plain']])).toBe(
      '"a,b","say ""hi""","two\nlines",plain\r\n',
    );
  });

  it('keeps numbers, negative ones too, and leaves missing values empty', () => {
    expect(toCsv([[1234.5, -3, null]])).toBe('1234.5,-3,\r\n');
  });

  it('makes texts that start a formula harmless', () => {
    expect(toCsv([['=1+1', '+49', '-x', '@sum']])).toBe("'=1+1,'+49,'-x,'@sum\r\n");
  });
});

describe('csvFileName', () => {
  it('joins the words by hyphens', () => {
    expect(csvFileName('Order completed / total', '2026-01-01')).toBe(
      'order-completed-total-2026-01-01.csv',
    );
  });

  it('never is empty', () => {
    expect(csvFileName('///')).toBe('report.csv');
  });
});
