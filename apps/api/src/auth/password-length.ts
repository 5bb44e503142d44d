/** In characters. The upper bound keeps the hash of a password cheap to compute. */
export const passwordLength = { min: 8, max: 128 } as const;
