import fs from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const folder = path.resolve(import.meta.dirname, '../wasm');
/** Two pages of memory, which never grow; no runtime, because nothing is allocated. */
const options = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--initialMemory',
  '2',
  '--maximumMemory',
  '2',
];

/** Compiles a kernel of `wasm/` and tells the bytes of the module. Throws with what the compiler said. */
export async function compileWasm(source: string): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const said = asc.createMemoryStream();
  const { error } = await asc.main([source, '--outFile', 'out.wasm', ...options], {
    readFile: (name) => {
      const file = path.join(folder, name);
      return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
    },
    writeFile: (_, contents) => {
      module = contents as Uint8Array;
    },
    listFiles: () => [],
    stderr: said,
  });
  if (error !== null || module === undefined) throw new Error(said.toString(), { cause: error });
  return module;
}
