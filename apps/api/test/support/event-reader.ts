import { type JobEvent, jobEvent } from "@sluice/core"
import { onTestFinished } from "vitest"

interface Typed {
  readonly type: string
}

export interface ReadEvent<Event extends Typed = JobEvent> {
  readonly id: string
  readonly event: Event
}

export interface EventReader<Event extends Typed = JobEvent> {
  readonly response: Response
  readonly events: readonly ReadEvent<Event>[]
  /** Everything that came, as it came. */
  raw(): string
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>
  leave(): void
}

/** Reads a stream of a job's events as a browser would, over a connection of its own. */
export function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  return readEventsOf(url, headers, (data) => jobEvent.parse(data))
}

/** The same of events of any kind. */
export async function readEventsOf<Event extends Typed>(
  url: string,
  headers: Record<string, string>,
  parse: (data: unknown) => Event,
): Promise<EventReader<Event>> {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const response = await fetch(url, { headers, signal: leaving.signal })
  const events: ReadEvent<Event>[] = []
  let raw = ""
  async function read(): Promise<void> {
    let rest = ""
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      raw += text
      const blocks = (rest + text).split("\n\n")
      rest = blocks.pop() ?? ""
      for (const block of blocks) if (block.startsWith("id: ")) events.push(parsed(block, parse))
    }
  }
  return { response, events, raw: () => raw, ended: read().catch(() => undefined), leave: () => leaving.abort() }
}

function parsed<Event extends Typed>(block: string, parse: (data: unknown) => Event): ReadEvent<Event> {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]))
  const event = parse(JSON.parse(fields.get("data") ?? ""))
  if (fields.get("event") !== event.type) throw new Error(`The event ${fields.get("event")} has the type ${event.type}.`)
  return { id: fields.get("id") ?? "", event }
}
