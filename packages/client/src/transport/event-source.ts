import { createParser, type EventSourceMessage } from "eventsource-parser"
import { ConnectionError } from "../errors/connection-error.ts"
import { reasonOf } from "./reason-of.ts"

/** The server says something every 15 s: one that is silent for so much longer is not there any more. */
const longestSilenceMs = 45_000

export interface ReceivedEvent {
  readonly id: string
  readonly data: string
}

export interface EventSource {
  /** The events as they come. Ends when the server ends the stream; throws `ConnectionError` when the connection is lost. */
  readonly events: AsyncIterable<ReceivedEvent>
  /** How long the server asks to be left alone before the next connection; null: it did not say. */
  retryMs(): number | null
}

export interface OpenedStream {
  readonly response: Response
  readonly baseUrl: string
  /** Ends the connection. */
  readonly hangUp: () => void
}

/** Reads an answer of server-sent events, in Node and in browsers. */
export function createEventSource({ response, baseUrl, hangUp }: OpenedStream): EventSource {
  const received: EventSourceMessage[] = []
  let retryMs: number | null = null
  const parser = createParser({
    onEvent: (event) => void received.push(event),
    onRetry: (ms) => {
      retryMs = ms
    },
  })
  const lost = (reason: "network" | "timeout", why: string, cause?: unknown) =>
    new ConnectionError({ reason, baseUrl, message: `The stream from ${baseUrl} was lost: ${why}.`, cause })

  async function* read(): AsyncGenerator<ReceivedEvent> {
    try {
      for await (const chunk of chunksOf(response.body)) {
        parser.feed(chunk)
        for (const { id = "", data } of received.splice(0)) yield { id, data }
      }
    } catch (cause) {
      if (cause instanceof Silence) throw lost("timeout", `nothing came for ${longestSilenceMs} ms`)
      throw lost("network", reasonOf(cause), cause)
    } finally {
      hangUp()
    }
  }
  return { events: read(), retryMs: () => retryMs }
}

class Silence extends Error {}

/** With a reader, since not every browser goes through a body with `for await`. Throws `Silence` when it pauses for too long. */
async function* chunksOf(body: Response["body"]): AsyncGenerator<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const read = await withinSilence(reader?.read())
    if (!read || read.done) return
    yield decoder.decode(read.value, { stream: true })
  }
}

async function withinSilence<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Silence()), longestSilenceMs)
  })
  try {
    return await Promise.race([promise, silence])
  } finally {
    clearTimeout(timer)
  }
}
