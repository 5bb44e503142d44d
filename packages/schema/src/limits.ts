/** Limits of the wire protocol: `ingestion-api.md` 9.5. The edge enforces them, tests name them. */
export const limits = {
  recordsPerRequestMax: 2000,
  /** Decompressed. mixpanel-import packs up to 9.8 MB into one request, so 10 MiB must pass. */
  requestBytesMax: 10 * 1024 * 1024,
  recordBytesMax: 1024 * 1024,
  propertiesPerEventMax: 254,
  keysPerObjectMax: 255,
  nestingDepthMax: 3,
  listItemsMax: 255,
  /** UTF-16 units, as mixpanel-browser cuts; a surrogate pair is never split. */
  stringCharactersMax: 255,
  profilePropertiesMax: 2000,
  /** A list of a profile, as JSON text: updates make it longer and longer. */
  profileListCharactersMax: 256 * 1024,
  insertIdBytesMax: 36,
  /** `/import` refuses events further in the future than this. */
  importFutureMsMax: 60 * 60 * 1000,
  /** 1971-01-01: the earliest time `/import` takes. */
  importTimeMsMin: 31_536_000_000,
  /** A faulty client must not merge everybody into one user. */
  identifiersPerUserMax: 500,
} as const;
