import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assignColours, paletteSize } from './palette.ts';

type Rgb = readonly [number, number, number];

const css = fs.readFileSync(path.join(import.meta.dirname, '../app/globals.css'), 'utf8');

function token(name: string): { light: Rgb; dark: Rgb } {
  const match = new RegExp(`--${name}: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)`).exec(css);
  if (match === null) throw new Error(`token --${name} is not in globals.css`);
  return { light: rgb(match[1] ?? ''), dark: rgb(match[2] ?? '') };
}

function rgb(hex: string): Rgb {
  return [0, 2, 4].map((at) =>
    linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  ) as unknown as Rgb;
}

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a: Rgb, b: Rgb): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

/** Brettel-style simulation matrices in linear RGB (Machado et al. 2009, severity 1). */
const deficiencies = {
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;

function simulate([r, g, b]: Rgb, m: readonly number[]): Rgb {
  const at = (row: number): number =>
    Math.min(1, Math.max(0, (m[row] ?? 0) * r + (m[row + 1] ?? 0) * g + (m[row + 2] ?? 0) * b));
  return [at(0), at(3), at(6)];
}

/** Distance in OKLab, × 100: about 2 is just noticeable. */
function distance(a: Rgb, b: Rgb): number {
  const [x, y] = [oklab(a), oklab(b)];
  return 100 * Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const colours = Array.from({ length: paletteSize }, (_, i) => token(`chart-${i + 1}`));

describe.each(['light', 'dark'] as const)('chart colours in the %s theme', (theme) => {
  const ground = token('surface')[theme];

  it.each(colours.map((colour, i) => [i + 1, colour] as const))(
    'colour %i stands out from the ground by 3:1',
    (_, colour) => {
      expect(contrast(colour[theme], ground)).toBeGreaterThanOrEqual(3);
    },
  );

  it.each(Object.entries(deficiencies))('the first eight stay apart under %s', (_, matrix) => {
    const seen = colours.slice(0, 8).map((colour) => simulate(colour[theme], matrix));
    const tooClose = seen.flatMap((a, i) =>
      seen.slice(i + 1).flatMap((b, j) => (distance(a, b) > 4 ? [] : [[i + 1, i + j + 2]])),
    );
    expect(tooClose).toEqual([]);
  });

  it('has text of at least 4.5:1', () => {
    for (const name of ['ink', 'ink-2', 'ink-3', 'accent', 'danger', 'warning']) {
      expect(contrast(token(name)[theme], ground), name).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(token('on-accent')[theme], token('accent')[theme])).toBeGreaterThanOrEqual(4.5);
  });
});

describe('assignColours', () => {
  it('gives the same key the same colour whatever comes after it', () => {
    const few = assignColours(['Germany', 'France']);
    const more = assignColours(['Germany', 'France', 'Spain', 'Italy']);
    expect(more.get('Germany')).toBe(few.get('Germany'));
    expect(more.get('France')).toBe(few.get('France'));
  });

  it('uses each colour once before it uses one twice', () => {
    const keys = Array.from({ length: paletteSize }, (_, i) => `segment ${i}`);
    expect(new Set(assignColours(keys).values()).size).toBe(paletteSize);
    expect(assignColours([...keys, 'one more']).size).toBe(paletteSize + 1);
  });
});
