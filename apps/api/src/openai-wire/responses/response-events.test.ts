import type { Job, JobEvent } from "@sluice/core"
import { createMemoryBlobStore, sampleJob, sampleResult } from "@sluice/core/testing"
import { array, assert, asyncProperty, integer, string } from "fast-check"
import { expect, test } from "vitest"
import { type ResponseEvent, responseEvents } from "./response-events.ts"

const queued = sampleJob()
const { notBefore: _n, waiting: _w, enqueueDueAt: _e, status: _s, ...base } = queued

function succeeded(text: string): Job {
  return { ...base, status: "succeeded", finishedAt: new Date("2026-01-01T00:00:02.000Z"), result: sampleResult(text) }
}

/** A text as live events, in pieces that end at these places. */
async function* deltas(
  text: string,
  { cuts, attempt }: { cuts: readonly number[]; attempt: number },
): AsyncGenerator<{ id: string; event: JobEvent }> {
  const ends = [...new Set([...cuts.map((cut) => Math.min(cut, text.length)), text.length])].filter((end) => end > 0).sort((a, b) => a - b)
  let offset = 0
  for (const end of ends) {
    yield { id: "", event: { type: "output.delta", jobId: queued.id, run: 1, attempt, offset, text: text.slice(offset, end) } }
    offset = end
  }
}

async function read(text: string, events: AsyncIterable<{ id: string; event: JobEvent }>, startingAfter = -1): Promise<ResponseEvent[]> {
  const jobs = { find: () => Promise.resolve(succeeded(text)) }
  const told: ResponseEvent[] = []
  for await (const event of responseEvents({ job: queued, events, jobs, blobs: createMemoryBlobStore(), startingAfter, hasKey: false }))
    told.push(event)
  return told
}

const textIn = (events: readonly ResponseEvent[]) =>
  events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("")

test("however a text comes in pieces, a reader goes on after any number with exactly what it has not been told", async () => {
  const places = array(integer({ min: 1, max: 60 }), { maxLength: 8 })
  await assert(
    asyncProperty(
      string({ minLength: 5, maxLength: 60 }),
      places,
      places,
      integer({ min: 3, max: 90 }),
      async (text, cuts, otherCuts, after) => {
        const first = await read(text, deltas(text, { cuts, attempt: 1 }))
        const known = first.slice(0, after % first.length)
        const rest = await read(text, deltas(text, { cuts: otherCuts, attempt: 1 }), known.at(-1)?.sequence_number ?? -1)
        expect(textIn(known) + textIn(rest)).toBe(text)
        const numbers = [...known, ...rest].map((event) => event.sequence_number)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        expect(rest.at(-1)?.type).toBe("response.completed")
      },
    ),
    { numRuns: 500 },
  )
})

test("a text that begins anew gets a message of its own, with higher numbers; the one before is closed as incomplete", async () => {
  async function* twice() {
    yield* deltas("Half of an", { cuts: [4], attempt: 1 })
    yield { id: "", event: { type: "output.reset", jobId: queued.id, run: 1, attempt: 2 } as const }
    yield* deltas("Another answer", { cuts: [3], attempt: 2 })
  }
  const events = await read("Another answer", twice())
  const items = events.flatMap((event) =>
    event.type === "response.output_item.added" || event.type === "response.output_item.done"
      ? [[event.type.split(".").at(-1), event.output_index, "status" in event.item ? event.item.status : null]]
      : [],
  )
  expect(items).toEqual([
    ["added", 0, "in_progress"],
    ["done", 0, "incomplete"],
    ["added", 1, "in_progress"],
    ["done", 1, "completed"],
  ])
  const numbers = events.map((event) => event.sequence_number)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
})

test("the end is told to a reader that knows more than this process, whatever its number", async () => {
  const [only, ...more] = await read("ok", deltas("ok", { cuts: [], attempt: 1 }), 2_000_000_000)
  expect(more).toEqual([])
  expect(only).toMatchObject({ type: "response.completed", sequence_number: 2_000_000_001 })
})
