import { limits } from './limits.ts';

/** The first 255 UTF-16 units (`ingestion-api.md` 9.5), one less where that would split a surrogate pair. */
export function cutText(text: string): string {
  const end = limits.stringCharactersMax;
  if (text.length <= end) return text;
  const isPairSplit = isHighSurrogate(text, end - 1) && isLowSurrogate(text, end);
  return text.slice(0, isPairSplit ? end - 1 : end);
}

const isHighSurrogate = (text: string, i: number): boolean =>
  (text.charCodeAt(i) & 0xfc00) === 0xd800;
const isLowSurrogate = (text: string, i: number): boolean =>
  (text.charCodeAt(i) & 0xfc00) === 0xdc00;
