/** An answer of the edge, complete to the byte; `send-answer.ts` puts it on the wire. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonAnswer(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const bytes = Buffer.from(JSON.stringify(body));
  return { status, contentType: 'application/json', body: bytes, headers };
}
