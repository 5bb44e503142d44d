// Checks that every package a production install brings, data packages included, is under a licence that
// fits ours. Walks what is installed, from the dependencies of our packages: what the lockfile says
// of a package is not its licence. Ends with 1 when one does not fit.
import fs from 'node:fs';
import path from 'node:path';
import {
  labelledOtherwise,
  licenceBreach,
  unusedExceptions,
  type InstalledPackage,
} from './licence-rules.ts';

type Manifest = InstalledPackage & {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const root = path.resolve(import.meta.dirname, '..');
const visited = new Map<string, Manifest>();

for (const parent of ['apps', 'packages']) {
  for (const name of fs.readdirSync(path.join(root, parent))) {
    const folder = path.join(root, parent, name);
    if (fs.existsSync(path.join(folder, 'package.json'))) walk(folder);
  }
}
const installed = [...visited.values()].filter(({ name }) => !name.startsWith('@arbor/'));
const breaches = [
  ...installed.flatMap((one) => licenceBreach(one) ?? []),
  // Other platforms bring other packages; the lists are kept for the one that CI runs on.
  ...(process.platform === 'linux' && process.arch === 'x64' ? unusedExceptions(installed) : []),
];
for (const [name, note] of Object.entries(labelledOtherwise))
  process.stdout.write(`${name}: ${note}\n`);
for (const breach of breaches.toSorted()) process.stderr.write(`${breach}\n`);
process.stdout.write(
  `${installed.length} packages, ${breaches.length} with a licence that does not fit\n`,
);
process.exitCode = breaches.length === 0 && installed.length > 0 ? 0 : 1;

/** Visits a package and all it needs. Optional ones that are for other platforms are not there. */
function walk(folder: string): void {
  const real = fs.realpathSync(folder);
  if (visited.has(real)) return;
  const manifest = JSON.parse(fs.readFileSync(path.join(real, 'package.json'), 'utf8')) as Manifest;
  visited.set(real, manifest);
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const found = find(name, real);
    const isOptional = name in (manifest.optionalDependencies ?? {});
    if (found === null && !isOptional) {
      throw new Error(`${manifest.name} needs ${name}, which is not installed: run pnpm install`);
    }
    if (found !== null) walk(found);
  }
  for (const name of Object.keys(manifest.optionalDependencies ?? {})) {
    const found = find(name, real);
    if (found !== null) walk(found);
  }
}

/** As Node looks for it: in node_modules of the folder and of those above. */
function find(name: string, from: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (fs.existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}
