const depthMax = 8;

/**
 * JSON text of a value for a human, cut to `charactersMax`. Unlike `JSON.stringify` it does no more
 * work than it shows, whatever the size and depth of what a stranger sent; what it leaves out shows
 * as an ellipsis.
 */
export function previewJson(value: unknown, charactersMax: number): string {
  const parts: string[] = [];
  let length = 0;
  const isFull = (): boolean => length >= charactersMax;
  const write = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  const writeString = (text: string): void => {
    const room = Math.max(0, charactersMax - length);
    write(JSON.stringify(text.length > room ? `${text.slice(0, room)}…` : text));
  };
  const writeValue = (item: unknown, depth: number): void => {
    if (typeof item === 'string') return writeString(item);
    if (typeof item !== 'object' || item === null) return write(String(item));
    if (depth >= depthMax) return write('…');
    const isList = Array.isArray(item);
    write(isList ? '[' : '{');
    let separator = '';
    for (const name in item) {
      if (isFull()) break;
      write(separator);
      separator = ',';
      if (!isList) {
        writeString(name);
        write(':');
      }
      writeValue((item as Record<string, unknown>)[name], depth + 1);
    }
    write(isList ? ']' : '}');
  };
  writeValue(value, 0);
  const text = parts.join('');
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
}
