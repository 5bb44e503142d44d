import type { Report } from './core.ts';

/** Analytics must never break a page: whatever goes wrong inside stays inside. */
export function guard<Arguments extends unknown[]>(
  run: (...given: Arguments) => void,
  report?: (type: Report, info: { readonly message: string }) => void,
): (...given: Arguments) => void {
  return (...given) => {
    try {
      run(...given);
    } catch (error) {
      // The page did nothing wrong and could do nothing about it.
      report?.('error', { message: String(error) });
    }
  };
}
