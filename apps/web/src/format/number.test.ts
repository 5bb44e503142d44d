import { describe, expect, it } from 'vitest';
import {
  changeOf,
  changeText,
  formatCompact,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  rateChangeText,
} from './number.ts';

describe('numbers', () => {
  it('groups thousands and keeps two decimals', () => {
    expect(formatNumber(1_234_567)).toBe('1,234,567');
    expect(formatNumber(61.294)).toBe('61.29');
  });

  it('writes no value as a dash, never as zero', () => {
    expect(formatNumber(null)).toBe('–');
    expect(formatPercent(null)).toBe('–');
    expect(formatPercent(Number.NaN)).toBe('–');
    expect(formatDuration(null)).toBe('–');
  });

  it('shortens on axes to three significant places', () => {
    expect(formatCompact(12_345)).toBe('12.3K');
    expect(formatCompact(950)).toBe('950');
  });

  it('writes shares as percent with one decimal', () => {
    expect(formatPercent(0.12345)).toBe('12.3\u00a0%');
    expect(formatPercent(1)).toBe('100.0\u00a0%');
  });

  it('writes the two largest units of a duration', () => {
    expect(formatDuration(340)).toBe('340 ms');
    expect(formatDuration(95_000)).toBe('1 m 35 s');
    expect(formatDuration(90_061_000)).toBe('1 d 1 h');
    expect(formatDuration(86_405_000)).toBe('1 d');
    expect(formatDuration(59_999)).toBe('1 m');
  });

  it('counts in the singular and the plural', () => {
    expect(formatCount(1, 'user')).toBe('1 user');
    expect(formatCount(0, 'user')).toBe('0 users');
    expect(formatCount(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('says in words which way a value went', () => {
    expect(changeText(changeOf(50, 100))).toBe('down 50.0\u00a0%');
    expect(changeText(changeOf(112, 100))).toBe('up 12.0\u00a0%');
    expect(changeText(changeOf(100, 100))).toBe('no change');
    expect(changeText(changeOf(5, 0))).toBe('–');
  });

  it('says of a rate how many points it changed, and by how much', () => {
    expect(rateChangeText(0.45, 0.5)).toBe('-5.0 points, down 10.0\u00a0%');
    expect(rateChangeText(0.5, 0)).toBe('+50.0 points');
    expect(rateChangeText(null, 0.5)).toBe('–');
  });
});
