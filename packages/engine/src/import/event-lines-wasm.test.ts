import { expect, it } from 'vitest';
import { compileWasm } from '../../test/compile-wasm.ts';

/** After a change of the source `vitest -u` on this file writes the module anew. */
it('is what the compiler makes of its source', async () => {
  const module = await compileWasm('event-lines.ts', ['--enable', 'simd']);
  const text = [
    '/** WebAssembly, base64. Compiled from wasm/event-lines.ts by the test beside this file (`vitest -u`). */',
    'export const eventLinesWasm =',
    `  '${Buffer.from(module).toString('base64')}';`,
    '',
  ];
  await expect(text.join('\n')).toMatchFileSnapshot('./event-lines-wasm.ts');
}, 300_000);
