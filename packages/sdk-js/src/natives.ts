/**
 * What the SDK stands on, as it was when its file was loaded: a page may replace any of it later
 * (`browser-sdk.md` SDK-RB2). Other promises are made by async functions, which ask for no global.
 */
export const { parse: parseJson, stringify } = JSON;
export const NativeDate = Date;
export const NativePromise = Promise;
