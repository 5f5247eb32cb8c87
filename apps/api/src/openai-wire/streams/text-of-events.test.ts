import type { JobEvent } from "@sluice/core"
import { expect, test } from "vitest"
import { textOfEvents } from "./text-of-events.ts"

const job = { id: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6" }
const ofJob = { jobId: job.id, run: 1 }
const reset: JobEvent = { type: "output.reset", ...ofJob, attempt: 2 }

/** Deltas as they would come, and resets between them. */
function eventsOf(...parts: readonly (string | JobEvent)[]): readonly JobEvent[] {
  let offset = 0
  return parts.map((part) => {
    if (typeof part !== "string") {
      offset = 0
      return part
    }
    const delta: JobEvent = { type: "output.delta", ...ofJob, attempt: 1, offset, text: part }
    offset += part.length
    return delta
  })
}

async function read(events: readonly JobEvent[]) {
  const pieces: string[] = []
  try {
    for await (const piece of textOfEvents(streamed(events), { job, hasKey: false })) pieces.push(piece)
    return { pieces, error: null }
  } catch (error) {
    return { pieces, error }
  }
}

async function* streamed(events: readonly JobEvent[]) {
  for (const event of events) yield { id: "", event }
}

test("tells the pieces as they come", async () => {
  expect(await read(eventsOf("Rivers ", "rise."))).toEqual({ pieces: ["Rivers ", "rise."], error: null })
})

test("tells only what is new when an answer begins anew with the same words, however it is cut", async () => {
  const { pieces, error } = await read(eventsOf("Rivers ri", reset, "Riv", "ers rise", " and fall."))
  expect([pieces, error]).toEqual([["Rivers ri", "se", " and fall."], null])
})

test("throws at the first word that is another, in the middle of a piece, too", async () => {
  expect(await read(eventsOf("Rivers rise", reset, "Rivers fall"))).toMatchObject({
    pieces: ["Rivers rise"],
    error: { code: "stream_interrupted", message: expect.stringContaining(job.id) },
  })
})

test("throws when what was told is longer than the answer", async () => {
  const end = { type: "job.succeeded", ...ofJob, job: {} } as unknown as JobEvent
  expect(await read([...eventsOf("Rivers rise", reset, "Rivers"), end])).toMatchObject({ error: { code: "stream_interrupted" } })
})
