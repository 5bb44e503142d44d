// Bundles entries of an app into its dist folder: node ../../scripts/bundle.mjs src/main.ts [more entries]
//
// Our own packages are inlined, because they are TypeScript sources. Everything installed stays
// outside: `start` runs from a checkout with its node_modules, where the native files, scripts and data
// files of a package lie beside the code that looks for them. Each import is written as the file it
// resolves to from where it stands in our sources: under pnpm's strict layout the app's own folder does
// not reach what only one of our packages depends on.
import path from 'node:path';
import { build } from 'esbuild';

const entryPoints = process.argv.slice(2);
if (entryPoints.length === 0) {
  process.stderr.write('usage: node scripts/bundle.mjs ENTRY...\n');
  process.exit(2);
}

const outdir = path.resolve('dist');
const underWay = Symbol('resolving');

/** @type {import('esbuild').Plugin} */
const leaveInstalledOutside = {
  name: 'leave-installed-outside',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path: wanted, pluginData, ...from }) => {
      if (pluginData === underWay || from.kind === 'entry-point') return undefined;
      const { importer, namespace, resolveDir, kind } = from;
      const options = { importer, namespace, resolveDir, kind, pluginData: underWay };
      const found = await bundler.resolve(wanted, options);
      if (found.errors.length > 0) return { errors: found.errors };
      if (found.external || !found.path.split(path.sep).includes('node_modules')) return found;
      const file = path.relative(outdir, found.path).split(path.sep).join('/');
      return { path: file.startsWith('.') ? file : `./${file}`, external: true };
    });
  },
};

await build({
  entryPoints,
  outdir,
  // Side by side, whatever folders they come from: a thread's entry is found beside the file that starts it.
  entryNames: '[name]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  // No "module" condition: Node itself does not know it, and it names files that Node cannot load.
  conditions: [],
  plugins: [leaveInstalledOutside],
});
