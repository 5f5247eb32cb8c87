import { type JobEvent, jobEvent } from "@sluice/core"
import { onTestFinished } from "vitest"

export interface ReadEvent {
  readonly id: string
  readonly event: JobEvent
}

export interface EventReader {
  readonly response: Response
  readonly events: readonly ReadEvent[]
  /** Everything that came, as it came. */
  raw(): string
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>
  leave(): void
}

/** Reads a stream of events as a browser would, over a connection of its own. */
export async function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const response = await fetch(url, { headers, signal: leaving.signal })
  const events: ReadEvent[] = []
  let raw = ""
  async function read(): Promise<void> {
    let rest = ""
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      raw += text
      const blocks = (rest + text).split("\n\n")
      rest = blocks.pop() ?? ""
      for (const block of blocks) if (block.startsWith("id: ")) events.push(parsed(block))
    }
  }
  return { response, events, raw: () => raw, ended: read().catch(() => undefined), leave: () => leaving.abort() }
}

function parsed(block: string): ReadEvent {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]))
  const event = jobEvent.parse(JSON.parse(fields.get("data") ?? ""))
  if (fields.get("event") !== event.type) throw new Error(`The event ${fields.get("event")} has the type ${event.type}.`)
  return { id: fields.get("id") ?? "", event }
}
