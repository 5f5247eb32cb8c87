import { setTimeout } from "node:timers/promises"
import type { Response } from "express"
import { type EventStreamOptions, sendBlocks } from "../../responses/event-stream.ts"
import { openaiErrorOf } from "../errors/openai-error-of.ts"

export interface OpenaiStreamOptions extends EventStreamOptions {
  /** How long the head of the answer is held back for a job that fails at once, so that its status can tell. Default 5 s. */
  readonly holdHeadMs?: number
}

const defaultHoldHeadMs = 5_000

/**
 * Answers with server-sent events in OpenAI's form. What goes wrong before the first of them is thrown, for an answer with a status;
 * after that it is the last event.
 */
export async function sendOpenaiStream(
  response: Response,
  blocks: AsyncGenerator<string>,
  options: OpenaiStreamOptions = {},
): Promise<void> {
  const first = blocks.next()
  const stop = new AbortController()
  const patience = setTimeout(options.holdHeadMs ?? defaultHoldHeadMs, undefined, { signal: stop.signal }).catch(() => undefined)
  try {
    await Promise.race([first, patience])
  } finally {
    stop.abort()
  }
  await sendBlocks(response, withError(first, blocks), options)
}

async function* withError(first: Promise<IteratorResult<string, unknown>>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    const { done, value } = await first
    if (done === true) return
    yield value
    yield* rest
  } catch (error) {
    yield `event: error\ndata: ${JSON.stringify(openaiErrorOf(error).body())}\n\n`
  }
}
