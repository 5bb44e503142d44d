/** Characters a piece: small enough for memory, large enough that few are written. */
const pieceCharacters = 65_536;

/** Lines of JSON in pieces of many lines. */
export async function* jsonLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let piece = '';
  for await (const value of values) {
    piece += `${JSON.stringify(value)}\n`;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** The same as one JSON array. */
export async function* jsonArray(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let piece = '[';
  let isFirst = true;
  for await (const value of values) {
    piece += `${isFirst ? '' : ','}\n${JSON.stringify(value)}`;
    isFirst = false;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n]\n`;
}
