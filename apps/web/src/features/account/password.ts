/** Stricter than the API, as `ux.md` UX-O1 asks for: accounts see what all customers do. */
export const passwordCharactersMin = 12;
