import type { ProblemDocument } from "@sluice/core"
import { SluiceError } from "../errors/sluice-error.ts"
import { UnexpectedAnswerError } from "../errors/unexpected-answer-error.ts"
import { parseRetryAfter } from "./retry-after.ts"

const longestExcerpt = 200

export interface FailedAnswer {
  readonly response: Response
  readonly text: string
  /** E.g. `GET http://127.0.0.1:3000/v1/jobs`. */
  readonly call: string
  readonly now: number
}

/** The error that an answer beyond 2xx stands for. */
export function readFailure({ response, text, call, now }: FailedAnswer): SluiceError | UnexpectedAnswerError {
  const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), now)
  const problem = problemOf(text)
  if (problem) return new SluiceError({ problem, retryAfterMs })
  return unexpectedAnswer({ response, text, call, retryAfterMs })
}

export function unexpectedAnswer(answer: Omit<FailedAnswer, "now"> & { retryAfterMs?: number | null; cause?: unknown }) {
  const { response, text, call, retryAfterMs = null, cause } = answer
  const words = text.replaceAll(/\s+/g, " ").trim().slice(0, longestExcerpt)
  const kind = response.headers.get("content-type") ?? "no content type"
  const said = words === "" ? "an empty body" : `"${words}"`
  const message = `${call} was answered with ${response.status} (${kind}), not as Sluice answers: ${said}. Is this the address of its API?`
  return new UnexpectedAnswerError({ status: response.status, message, retryAfterMs, cause })
}

function problemOf(text: string): ProblemDocument | null {
  try {
    const value: unknown = JSON.parse(text)
    return isProblem(value) ? value : null
  } catch {
    return null
  }
}

function isProblem(value: unknown): value is ProblemDocument {
  if (typeof value !== "object" || value === null) return false
  const { code, title, detail, status, errors }: { [key in keyof ProblemDocument]?: unknown } = value
  return [code, title, detail].every((text) => typeof text === "string") && typeof status === "number" && Array.isArray(errors)
}
