/** Analytics must never break a page: whatever goes wrong inside stays inside. */
export function guard<Arguments extends unknown[]>(
  run: (...given: Arguments) => void,
): (...given: Arguments) => void {
  return (...given) => {
    try {
      run(...given);
    } catch {
      // The page did nothing wrong and could do nothing about it.
    }
  };
}
