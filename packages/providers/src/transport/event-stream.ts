import type { Buffer } from "node:buffer"
import { createParser } from "eventsource-parser"
import { headerOf, type ResponseHeaders } from "../headers/response-headers.ts"
import { TransportError } from "./transport-error.ts"

export interface StreamEvent {
  readonly event?: string | undefined
  readonly data: string
}

/** Takes the events of a streamed answer as they come. */
export interface EventSink {
  /** Must not throw. */
  take(event: StreamEvent): void
  /** A piece of the answer itself has come. */
  readonly hasBegun: boolean
  /** Nothing that matters comes any more, whatever becomes of the stream. */
  readonly isOver: boolean
}

export function isEventStream(headers: ResponseHeaders): boolean {
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(headerOf(headers, "content-type") ?? "")
}

export interface EventsToRead {
  readonly chunks: AsyncIterable<Buffer>
  readonly sink: EventSink
  readonly maxBytes: number
}

/** Gives the sink all events up to the end of the stream. Throws `TransportError` `too_large` beyond the bound. */
export async function readEvents({ chunks, sink, maxBytes }: EventsToRead): Promise<void> {
  const decoder = new TextDecoder()
  const parser = createParser({ onEvent: (event) => sink.take(event) })
  let size = 0
  try {
    for await (const chunk of chunks) {
      size += chunk.length
      // Leaving the loop destroys the stream, and with it the connection.
      if (size > maxBytes) throw new TransportError({ failure: "too_large", message: `the answer is larger than ${maxBytes} bytes` })
      parser.feed(decoder.decode(chunk, { stream: true }))
    }
  } catch (error) {
    if (!sink.isOver) throw error
  }
}
