/**
 * What the SDK stands on, as it was when its file was loaded: a page may replace any of it later
 * (`browser-sdk.md` SDK-RB2). Promises are made by async functions alone, which ask for no global.
 */
export const { parse: parseJson, stringify } = JSON;
export const NativeDate = Date;
