import type { Json } from "@sluice/core"
import { z } from "zod"
import type { FailureReport } from "../failure/failure-report.ts"
import { CallError } from "./call-error.ts"
import type { AnswerStream, OnDelta } from "./wire.ts"

/** What one event adds to an answer. */
export interface Addition {
  /** "" for none. */
  readonly text: string
  /** It carries a piece of the answer, of whatever kind. */
  readonly isPiece: boolean
  /** The provider says that it was the last one. */
  readonly isLast: boolean
}

/** An answer that grows with each event. */
export interface GrowingAnswer {
  /** Throws `z.ZodError` for an event that is none of an answer. */
  add(event: unknown): Addition
  /** Whether it ended as answers do. */
  isComplete(): boolean
  /** As it would have come in one piece. Throws `CallError` when its pieces make no whole. */
  body(): Json
}

export interface AnswerStreamOptions {
  readonly answer: GrowingAnswer
  readonly readFailure: (body: unknown) => FailureReport | null
  readonly onDelta: OnDelta
}

/** What an answer on its way has come to. */
type State =
  | { readonly kind: "open" | "ended" }
  /** The provider reported a failure in mid-stream. */
  | { readonly kind: "failed"; readonly body: Json }
  | { readonly kind: "broken"; readonly error: Error }

/** How OpenAI's wire, and those who follow it, mark the end. */
const endMark = "[DONE]"

/** Reads a streamed answer, event by event. What goes wrong is told by `body`, where the answer's status and headers are known. */
export function createAnswerStream({ answer, readFailure, onDelta }: AnswerStreamOptions): AnswerStream {
  let state: State = { kind: "open" }
  let hasBegun = false

  const grow = (event: Json): State => {
    const { text, isPiece, isLast } = answer.add(event)
    hasBegun ||= isPiece
    if (text !== "") onDelta(text)
    return { kind: isLast ? "ended" : "open" }
  }
  const stateAfter = (data: string): State => {
    if (data === endMark) return { kind: "ended" }
    const event = parsed(data)
    if (event === undefined) return broken("an event of the answer is not valid JSON; it is cut off or broken.")
    try {
      return grow(event)
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      // What is no part of an answer may be a failure.
      return readFailure(event) === null ? { kind: "broken", error } : { kind: "failed", body: event }
    }
  }
  return {
    get hasBegun() {
      return hasBegun
    },
    get isOver() {
      return state.kind !== "open"
    },
    take({ data }) {
      if (state.kind === "open") state = stateAfter(data)
    },
    body() {
      if (state.kind === "failed") return state.body
      if (state.kind === "broken") throw state.error
      if (state.kind === "open" && !answer.isComplete()) {
        throw new CallError({ type: "malformed_response", message: "the stream ended before the answer was complete." })
      }
      return answer.body()
    },
  }
}

function parsed(data: string): Json | undefined {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

function broken(message: string): State {
  return { kind: "broken", error: new CallError({ type: "malformed_response", message }) }
}
