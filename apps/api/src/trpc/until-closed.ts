/** Ends with the request or with the process, whichever is first. */
export function untilClosed(request: AbortSignal | undefined, closing: AbortSignal): AbortSignal {
  return request === undefined ? closing : AbortSignal.any([request, closing]);
}
