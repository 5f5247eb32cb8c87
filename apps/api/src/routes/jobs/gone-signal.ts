import type { Response } from "express"

/** Aborts when the caller leaves before the answer is out, so that nobody waits on its behalf. */
export function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController()
  response.once("close", () => controller.abort())
  return controller.signal
}
