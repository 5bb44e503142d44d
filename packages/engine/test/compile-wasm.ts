import fs from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const folder = path.resolve(import.meta.dirname, '../wasm');
/** No runtime: a kernel that needs memory sees to it itself. */
const options = ['-O3', '--noAssert', '--runtime', 'stub'];

/** Two pages of memory, which never grow. */
const fixedMemory = ['--initialMemory', '2', '--maximumMemory', '2'];

/**
 * Compiles a kernel of `wasm/`, of one file or several that export, and tells the bytes of the module. Throws with what the
 * compiler said.
 */
export async function compileWasm(
  source: string | readonly string[],
  ownOptions: readonly string[] = fixedMemory,
): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const said = asc.createMemoryStream();
  const { error } = await asc.main([source, '--outFile', 'out.wasm', options, ownOptions].flat(2), {
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
