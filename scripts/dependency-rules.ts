import { importsOf, isTest, type SourceFile } from './import-rules.ts';

export type Manifest = {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
};

/** Modules that only builds and development load, although they lie among the sources. */
const buildModules = /^packages\/sdk-js\/src\/build\.ts$/;

/** Dependencies that no file of ours names, with the reason why they are there. */
const usedUnnamed: Readonly<Record<string, string>> = {
  'react-dom': 'Next renders with it',
  tailwindcss: 'its PostCSS plugin and style sheets load it',
};

/**
 * Compares what a package declares with what its files name: both directions, because pnpm links only
 * what is declared, and what is declared but unused is downloaded, audited and updated for nothing.
 */
export function dependencyBreaches(parts: {
  manifest: Manifest;
  /** Sources and tests. */
  files: readonly SourceFile[];
  /** Other files that may name a package: configurations, style sheets, scripts, generated code. */
  mentions: string;
  /** Tools of the root that every package's tests may use. */
  rootTools: ReadonlySet<string>;
}): string[] {
  const { manifest, files, mentions, rootTools } = parts;
  const runtime = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  };
  const declared = new Set(Object.keys({ ...runtime, ...manifest.devDependencies }));
  const breaches: string[] = [];
  for (const file of files) {
    for (const name of new Set(
      importsOf(file.text).flatMap(({ specifier }) => packageName(specifier)),
    )) {
      const isOwn = name === manifest.name;
      const isTool = rootTools.has(name) && isTest(file.path);
      if (!isOwn && !isTool && !declared.has(name)) {
        breaches.push(`${file.path}: '${name}' is not declared in its package.json`);
      }
    }
    breaches.push(...devImports(file, runtime, manifest));
  }
  const texts = [
    ...files.map(({ text }) => text),
    mentions,
    ...Object.values(manifest.scripts ?? {}),
  ];
  for (const name of declared) {
    const described = name.replace(/^@types\//, '');
    if (described in usedUnnamed || texts.some((text) => namesPackage(text, name))) continue;
    breaches.push(`'${name}' is declared but nothing uses it`);
  }
  return breaches;
}

/** What runs in production must not need what is installed for development only. */
function devImports(
  file: SourceFile,
  runtime: Readonly<Record<string, string>>,
  manifest: Manifest,
): string[] {
  const isDevelopment = isTest(file.path) || buildModules.test(file.path);
  if (isDevelopment || !file.path.includes('/src/')) return [];
  return importsOf(file.text)
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ specifier }) => packageName(specifier))
    .filter((name) => !(name in runtime) && name in (manifest.devDependencies ?? {}))
    .map((name) => `${file.path}: '${name}' is a devDependency but is needed at run time`);
}

/** The package of a specifier; none for our own files and for modules of Node. */
export function packageName(specifier: string): string[] {
  if (/^[./#]|^node:/.test(specifier)) return [];
  const parts = specifier.split('/');
  return [specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')];
}

/**
 * True when the text names the package: in an import, a script, or, for packages of one per platform,
 * by the scope that a template completes. Types stand for the package they describe.
 */
function namesPackage(text: string, name: string): boolean {
  const described = /^@types\/(.+)$/.exec(name)?.[1]?.replace('__', '/');
  const wanted =
    described === undefined ? name : described.startsWith('node') ? 'node:' : described;
  const escaped = wanted.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  if (new RegExp(`(^|['"\`\\s(])${escaped}(?=$|['"\`\\s/)])`, 'm').test(text)) return true;
  if (described !== undefined && wanted === 'node:') return text.includes('node:');
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  return scope !== undefined && text.includes(`\`${scope}/\${`);
}
