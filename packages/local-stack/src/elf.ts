/**
 * Lets an x86-64 ELF that was built against glibc 2.38 and libstdc++ 13 start on glibc 2.34 to 2.37.
 * The npm package's redis-server is one. The few newer symbols it needs have older twins with the
 * same behaviour: `__isoc23_strtol` → `strtol`, `fmod@GLIBC_2.38` → `fmod@GLIBC_2.2.5`.
 * Done twice, the second time changes nothing: there is no symbol left that is too new.
 */

const sectionType = { dynsym: 11, versionNeeds: 0x6ffffffe, symbolVersions: 0x6fffffff } as const;
const weakBinding = 2 << 4;
const baseVersion = 'GLIBC_2.2.5';
const baseCxxVersion = 'GLIBCXX_3.4';
/** The first digits of `__isoc23_strtol`; what follows is the old name of the symbol. */
const c23Prefix = '__isoc23_';

type Section = { type: number; offset: number; size: number; link: number; info: number };
type Need = { library: string; at: number; index: number; nameOffset: number; name: string };

/** Changes the bytes of the whole file in place. */
export function patchElf(file: Buffer): void {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not a 64-bit little-endian ELF file');
  }
  const sections = readSections(file);
  const symbols = sectionOf(sections, sectionType.dynsym);
  const strings = sections[symbols.link];
  if (strings === undefined) throw new Error('ELF: the symbol table names no string table');
  const textAt = (offset: number): string => {
    const start = strings.offset + offset;
    return file.toString('latin1', start, file.indexOf(0, start));
  };
  const needs = readNeeds(file, sectionOf(sections, sectionType.versionNeeds), textAt);
  const versions = sectionOf(sections, sectionType.symbolVersions);
  repointSymbols({ file, symbols, versions, needs, textAt });
  lowerNeeds({ file, strings, needs });
}

function readSections(file: Buffer): Section[] {
  const start = Number(file.readBigUInt64LE(0x28));
  const size = file.readUInt16LE(0x3a);
  return Array.from({ length: file.readUInt16LE(0x3c) }, (_, i) => {
    const at = start + i * size;
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
    };
  });
}

function sectionOf(sections: readonly Section[], type: number): Section {
  const section = sections.find((one) => one.type === type);
  if (section === undefined) throw new Error(`ELF: there is no section of type ${type}`);
  return section;
}

/** One entry a (library, version) pair of `.gnu.version_r`. */
function readNeeds(file: Buffer, section: Section, textAt: (at: number) => string): Need[] {
  const needs: Need[] = [];
  let libraryAt = section.offset;
  for (let i = 0; i < section.info; i++) {
    const library = textAt(file.readUInt32LE(libraryAt + 4));
    let at = libraryAt + file.readUInt32LE(libraryAt + 8);
    for (let j = 0; j < file.readUInt16LE(libraryAt + 2); j++) {
      const nameOffset = file.readUInt32LE(at + 8);
      const index = file.readUInt16LE(at + 6);
      needs.push({ library, at, index, nameOffset, name: textAt(nameOffset) });
      at += file.readUInt32LE(at + 12);
    }
    libraryAt += file.readUInt32LE(libraryAt + 12);
  }
  return needs;
}

const isTooNew = (name: string): boolean =>
  name === 'GLIBCXX_3.4.32' || Number(/^GLIBC_2\.(\d+)$/.exec(name)?.[1]) > 35;

function baseNeed(needs: readonly Need[], library: string): Need {
  const need = needs.find((one) => one.library === library && one.name === baseVersion);
  if (need === undefined) throw new Error(`ELF: ${library} is not needed in ${baseVersion}`);
  return need;
}

/** Undefined symbols of a version that is too new take the old version, or become weak. */
function repointSymbols(parts: {
  file: Buffer;
  symbols: Section;
  versions: Section;
  needs: readonly Need[];
  textAt: (offset: number) => string;
}): void {
  const { file, symbols, versions, needs, textAt } = parts;
  const byIndex = new Map(needs.map((need) => [need.index, need]));
  for (let i = 1; i < symbols.size / 24; i++) {
    const symbolAt = symbols.offset + i * 24;
    const versionAt = versions.offset + i * 2;
    const need = byIndex.get(file.readUInt16LE(versionAt) & 0x7fff);
    const isUndefined = file.readUInt16LE(symbolAt + 6) === 0;
    if (need === undefined || !isUndefined || !isTooNew(need.name)) continue;
    if (need.name.startsWith('GLIBCXX')) {
      // Nothing calls it, so it may stay unresolved.
      file[symbolAt + 4] = weakBinding | ((file[symbolAt + 4] ?? 0) & 15);
      continue;
    }
    const nameOffset = file.readUInt32LE(symbolAt);
    if (textAt(nameOffset).startsWith(c23Prefix)) {
      file.writeUInt32LE(nameOffset + c23Prefix.length, symbolAt);
    }
    file.writeUInt16LE(baseNeed(needs, need.library).index, versionAt);
  }
}

/** No symbol uses the new versions any more: ask the loader for ones that every libc has. */
function lowerNeeds(parts: { file: Buffer; strings: Section; needs: readonly Need[] }): void {
  const { file, strings, needs } = parts;
  for (const need of needs.filter((one) => isTooNew(one.name))) {
    if (need.name.startsWith('GLIBCXX')) {
      file.write(`${baseCxxVersion}\0`, strings.offset + need.nameOffset, 'latin1');
      file.writeUInt32LE(elfHash(baseCxxVersion), need.at);
    } else {
      file.writeUInt32LE(baseNeed(needs, need.library).nameOffset, need.at + 8);
      file.writeUInt32LE(elfHash(baseVersion), need.at);
    }
  }
}

/** The hash of the ELF specification, which the loader compares before it compares names. */
export function elfHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    if (high !== 0) hash ^= high >>> 24;
    hash = (hash & ~high) >>> 0;
  }
  return hash;
}
