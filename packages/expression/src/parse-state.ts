import type { Node } from './ast.ts';
import type { Dialect } from './dialect.ts';
import type { Token } from './lexer.ts';
import type { TokenCursor } from './token-cursor.ts';

export type NameToken = Extract<Token, { type: 'name' }>;

/** What a dialect makes of a name that is no word of the language. */
export interface NameRules {
  readonly dialect: Dialect;
  /** The node of a name, or undefined where nothing has that name. */
  resolve(token: NameToken): Node | undefined;
  /** What an unknown name should have been. */
  readonly expectedName: string;
}

export interface ParseState extends NameRules {
  readonly cursor: TokenCursor;
  /** Names that `let` and loops gave, the innermost last. */
  readonly boundNames: string[];
  readonly parseExpression: (level: number) => Node;
}
