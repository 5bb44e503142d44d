import { z } from 'zod';

/** What the API says of the SDK it serves: where it lies, and what is pasted into pages beside the tag. */
export const sdkDescription = z.object({
  path: z.string().startsWith('/'),
  /** Never changes, so that an integrity attribute holds. */
  versionedPath: z.string().startsWith('/'),
  integrity: z.string(),
  /** Takes calls until the script has loaded. */
  stub: z.string(),
});
export type SdkDescription = z.infer<typeof sdkDescription>;

/** Rejects when the API cannot be reached or serves no SDK. */
export async function fetchSdkDescription(apiUrl: string): Promise<SdkDescription> {
  const response = await fetch(new URL('/sdk/arbor.json', apiUrl));
  return sdkDescription.parse(await response.json());
}
