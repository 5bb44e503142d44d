/** Intervals of different lengths (UX-RE2): how many units each has, the first of them from 0 on. */
export type Brackets = readonly number[];

/** As many, and as long, as the server takes. */
export const bracketsMax = 60;
export const bracketUnitsMax = 367;

/** "0, 1–3, 4–7": the units of each, as people write them. */
export function bracketsText(brackets: Brackets): string {
  return bracketSpans(brackets).map(spanText).join(', ');
}

/** What somebody typed: spans that follow one another from 0 on; null for anything else. */
export function parseBrackets(text: string): number[] | null {
  const parts = text.split(/[,;]/).map((part) => /^\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*$/.exec(part));
  const sizes: number[] = [];
  let next = 0;
  for (const part of parts) {
    if (part === null) return null;
    const [from, to] = [Number(part[1]), Number(part[2] ?? part[1])];
    if (from !== next || to < from || to - from >= bracketUnitsMax) return null;
    sizes.push(to - from + 1);
    next = to + 1;
  }
  return sizes.length <= bracketsMax ? sizes : null;
}

type Span = { readonly from: number; readonly to: number };

/** The first and the last unit of each. */
export function bracketSpans(brackets: Brackets): readonly Span[] {
  let from = 0;
  return brackets.map((size) => {
    const span = { from, to: from + size - 1 };
    from += size;
    return span;
  });
}

export function spanText({ from, to }: Span): string {
  return from === to ? `${from}` : `${from}–${to}`;
}
