import { isUtf8 } from 'node:buffer';

export interface DecodedText {
  readonly text: string;
  /**
   * The bytes were not valid UTF-8; each bad sequence became U+FFFD. The records that hold one are
   * refused by name later, their neighbours are kept.
   */
  readonly damaged: boolean;
}

/** Bytes to text. A byte order mark, which JSON does not allow, is dropped. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return {
    text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text,
    damaged: !isUtf8(buffer),
  };
}
