import type { PropertyValue } from '@arbor/schema/property-value';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readInline, writeInline } from './inline-value.ts';

/** One property of a profile as it was when its user was merged into another. */
export interface KeptProperty {
  readonly name: string;
  readonly value: PropertyValue;
  /** The other user had no such property, and took it over. */
  readonly wasTaken: boolean;
}

/**
 * A profile that people files keep (FORMAT-FILES.md 3.1): number of properties; of each: varint bytes, name; u8, 1 =
 * the other user took it over; the value (1.2).
 */
export function writeKeptProfile(properties: readonly KeptProperty[]): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(properties.length);
  for (const { name, value, wasTaken } of properties) {
    writer.varint(Buffer.byteLength(name));
    writer.text(name);
    writer.u8(wasTaken ? 1 : 0);
    writeInline(writer, value);
  }
  return writer.written.slice();
}

/** Twin of `writeKeptProfile`. Throws `CORRUPT_FILE` for bytes that are none. */
export function readKeptProfile(bytes: Uint8Array): KeptProperty[] {
  const reader = new ByteReader(bytes, { code: 'CORRUPT_FILE', what: 'people file: kept profile' });
  const properties = Array.from({ length: reader.count(3) }, (): KeptProperty => {
    const name = reader.text(reader.count(1));
    const flag = reader.u8();
    if (flag > 1) throw reader.corrupt(`flag ${flag} of property ${JSON.stringify(name)}`);
    return { name, wasTaken: flag === 1, value: readInline(reader) };
  });
  reader.finish();
  return properties;
}
