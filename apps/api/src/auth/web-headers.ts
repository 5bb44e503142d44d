import type { IncomingHttpHeaders } from 'node:http';

/** Node's headers as fetch's. */
export function webHeaders(headers: IncomingHttpHeaders): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2 puts its pseudo-headers (":path") among them; fetch refuses such names.
    if (value === undefined || name.startsWith(':')) continue;
    for (const each of Array.isArray(value) ? value : [value]) result.append(name, each);
  }
  return result;
}
