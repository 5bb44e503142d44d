/** Long enough for V8 to compile the kernels of a question that takes milliseconds. */
const warmUpMs = 1500;
const warmUpRunsMax = 50;

/**
 * Asks without measuring, as a server that has been up for a while has been asked: JavaScript is compiled while
 * it runs, which the peers' code was before.
 */
export async function warmUp(ask: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + warmUpMs;
  for (let run = 0; run < warmUpRunsMax && performance.now() < end; run++) await ask();
}
