const headBytes = 64 * 1024;

/** SHA-256 of name, size and beginning of a file, in hex: enough to tell that an import goes on with the same file. */
export async function fingerprintOf(file: Blob & { readonly name: string }): Promise<string> {
  const name = new TextEncoder().encode(`${file.name}\n${file.size}\n`);
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const bytes = new Uint8Array(name.length + head.length);
  bytes.set(name);
  bytes.set(head, name.length);
  // Pages over plain http have no Web Crypto; there the size and what the bytes come to must do.
  if (globalThis.crypto.subtle === undefined) return weakDigest(bytes);
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return hex(new Uint8Array(digest));
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** FNV-1a eight times, each begun otherwise. */
function weakDigest(bytes: Uint8Array): string {
  return Array.from({ length: 8 }, (_, seed) => {
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, '0');
  }).join('');
}
