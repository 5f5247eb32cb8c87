import { once } from "node:events"
import type { Response } from "express"

/** Often enough for proxies that give up a connection after half a minute without a byte. */
const heartbeatEveryMs = 15_000
/** A peer that takes nothing for so long is given up; it goes on from its last event when it comes back. */
const stuckAfterMs = 30_000

export interface SentEvent {
  readonly id: string
  readonly type: string
  readonly data: unknown
}

export interface EventStreamOptions {
  readonly heartbeatEveryMs?: number
  readonly stuckAfterMs?: number
  readonly random?: () => number
}

/**
 * Answers with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), resumable by their ids. Resolves
 * when the events have ended or the reader has left.
 */
export async function sendEvents(response: Response, events: AsyncIterable<SentEvent>, options: EventStreamOptions = {}): Promise<void> {
  const { random = Math.random } = options
  // Spread, so that the readers of a process that stops do not all come back at the same moment.
  const retry = `retry: ${Math.round(500 + random() * 1_500)}\n\n`
  await sendBlocks(response, blocksOf(retry, events), options)
}

async function* blocksOf(retry: string, events: AsyncIterable<SentEvent>): AsyncGenerator<string> {
  yield retry
  for await (const { id, type, data } of events) yield `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}

/**
 * The same for blocks that are written already, each with the empty line at its end. The next one is asked for when the connection
 * has taken the last one, so that nothing piles up for a slow reader.
 */
export async function sendBlocks(response: Response, blocks: AsyncIterable<string>, options: EventStreamOptions = {}): Promise<void> {
  writeHead(response)
  const beating = setInterval(() => {
    if (!response.writableNeedDrain) response.write(":\n\n")
  }, options.heartbeatEveryMs ?? heartbeatEveryMs)
  try {
    for await (const block of blocks) {
      if (response.destroyed) return
      const isTaken = response.write(block)
      if (!isTaken && !(await drained(response, options.stuckAfterMs ?? stuckAfterMs))) return
    }
    response.end()
  } finally {
    clearInterval(beating)
  }
}

function writeHead(response: Response): void {
  response.status(200).set({
    "content-type": "text/event-stream; charset=utf-8",
    // A proxy that compresses or collects would keep the events to itself for a while.
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  })
  response.flushHeaders()
}

/** False: the connection is gone, or was given up. */
async function drained(response: Response, ms: number): Promise<boolean> {
  if (response.destroyed || !response.writableNeedDrain) return !response.destroyed
  const stop = new AbortController()
  const timer = setTimeout(() => response.destroy(), ms)
  try {
    await Promise.race(["drain", "close"].map((event) => once(response, event, { signal: stop.signal })))
    return !response.destroyed
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}
