// Checks that imports run one way, that every package declares what it uses and uses what it declares,
// and that files are named for what they hold. Prints every breach; ends with 1 when there is one.
import fs from 'node:fs';
import path from 'node:path';
import { dependencyBreaches, type Manifest } from './dependency-rules.ts';
import { allowedPackages, breachesOf, packageOf, type SourceFile } from './import-rules.ts';

const root = path.resolve(import.meta.dirname, '..');
const leftOut = new Set(['node_modules', 'dist', '.next', '.turbo', 'generated']);

const sources = ['apps', 'packages', 'tests', 'scripts'].flatMap((folder) =>
  read(folder, (name) => /\.tsx?$/.test(name)),
);
const breaches = [
  ...sources.flatMap((file) => breachesOf(file).map((text) => `${file.path}: ${text}`)),
  ...Object.keys(allowedPackages).flatMap(checkDependencies),
  ...unknownPackages(),
];
for (const breach of breaches) process.stderr.write(`${breach}\n`);
process.stdout.write(`${sources.length} files, ${breaches.length} breaches of the import rules\n`);
process.exitCode = breaches.length === 0 ? 0 : 1;

function checkDependencies(folder: string): string[] {
  const manifest = readManifest(folder);
  const files = sources.filter(({ path: file }) => packageOf(file) === folder);
  const others = read(
    folder,
    (name) => /\.(mjs|css|json|prisma|sh)$/.test(name) && name !== 'package.json',
  );
  const generated = read(path.join(folder, 'src/generated'), (name) => name.endsWith('.ts'));
  return dependencyBreaches({
    manifest,
    files,
    mentions: [...others, ...generated].map(({ text }) => text).join('\n'),
    rootTools: new Set(Object.keys(readManifest('.').devDependencies ?? {})),
  }).map((text) => (text.startsWith(folder) ? text : `${folder}/package.json: ${text}`));
}

/** A package that the table does not know would not be checked at all. */
function unknownPackages(): string[] {
  return ['apps', 'packages']
    .flatMap((parent) => fs.readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')))
    .filter((folder) => allowedPackages[folder] === undefined)
    .map(
      (folder) =>
        `${folder}: not in the table of scripts/import-rules.ts; say there what it may import`,
    );
}

function readManifest(folder: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

function read(folder: string, wanted: (name: string) => boolean): SourceFile[] {
  const directory = path.join(root, folder);
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : read(file, wanted);
    if (!entry.isFile() || !wanted(entry.name) || entry.name.endsWith('.d.ts')) return [];
    return [{ path: file, text: fs.readFileSync(path.join(root, file), 'utf8') }];
  });
}
