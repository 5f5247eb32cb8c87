import type { Request } from "express"
import { preferredWaitSeconds } from "../../headers/prefer-wait.ts"

/** Shorter than the five minutes after which `fetch` of Node gives up an answer that has not begun. */
const defaultWaitMs = 270_000
/** As long as OpenAI's clients wait where nobody tells them otherwise. */
const maxWaitMs = 600_000
/** For an answer to reach its caller before the caller gives up: the answer has the job's id in it. */
const headStart = { share: 0.1, maxMs: 2_000 }

/**
 * How long a call waits for its job: as `Prefer: wait=N` says, else just short of the time-out that OpenAI's clients tell in a
 * header of theirs, else four and a half minutes.
 */
export function waitMsOf(request: Pick<Request, "get">): number {
  const preferred = preferredWaitSeconds(request.get("prefer"))
  if (preferred !== null) return preferred * 1_000
  const timeoutMs = clientTimeoutMs(request)
  if (timeoutMs === null) return defaultWaitMs
  return Math.min(maxWaitMs, timeoutMs - Math.min(timeoutMs * headStart.share, headStart.maxMs))
}

function clientTimeoutMs(request: Pick<Request, "get">): number | null {
  // The one of whole calls, and the one that the Python client sends for reading.
  const seconds = Number(request.get("x-stainless-timeout") ?? request.get("x-stainless-read-timeout") ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null
}
