import { expect, it } from 'vitest';
import { compileWasm } from '../../../../test/compile-wasm.ts';

const sources = ['sequence-stats.ts', 'text-numbers.ts'];
/** Three pages, which never grow. */
const options = ['--enable', 'simd', '--initialMemory', '3', '--maximumMemory', '3'];

/** After a change of the source `vitest -u` on this file writes the module anew. */
it('is what the compiler makes of its source', async () => {
  const module = await compileWasm(sources, options);
  const text = [
    '/** WebAssembly, base64. Compiled from two files of wasm/ by the test beside this file (`vitest -u`). */',
    'export const encodeWasm =',
    `  '${Buffer.from(module).toString('base64')}';`,
    '',
  ];
  await expect(text.join('\n')).toMatchFileSnapshot('./encode-wasm.ts');
}, 300_000);
