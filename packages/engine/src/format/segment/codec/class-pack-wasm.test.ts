import { expect, it } from 'vitest';
import { compileWasm } from '../../../../test/compile-wasm.ts';

/** After a change of the source `vitest -u` on this file writes the module anew. */
it('is what the compiler makes of its source', async () => {
  const module = await compileWasm('class-pack.ts');
  const text = [
    '/** WebAssembly, base64. Compiled from wasm/class-pack.ts by the test beside this file (`vitest -u`). */',
    'export const classPackWasm =',
    `  '${Buffer.from(module).toString('base64')}';`,
    '',
  ];
  await expect(text.join('\n')).toMatchFileSnapshot('./class-pack-wasm.ts');
}, 300_000);
