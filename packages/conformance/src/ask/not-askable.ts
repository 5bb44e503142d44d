/** The query language has no words for a case; `feature` says what is missing. */
export class NotAskable extends Error {
  override readonly name = 'NotAskable';
  readonly feature: string;

  constructor(feature: string) {
    super(`cannot be asked: ${feature}`);
    this.feature = feature;
  }
}
