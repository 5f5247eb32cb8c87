import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { JobSignals } from "../ports/job-signals.ts"

/** What every `JobSignals` promises. `open` gives two ends, which may be the same. */
export function jobSignalsConformance(
  name: string,
  open: () => Promise<{ sender: JobSignals; receiver: JobSignals; close: () => Promise<void> }>,
): void {
  describe(`${name} as JobSignals`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    test("tells every listener of every job, and none that has left", async () => {
      const first: string[] = []
      const second: string[] = []
      const gone: string[] = []
      const stops = [first, second, gone].map((list) => opened.receiver.onFinished(({ id }) => list.push(id)))
      stops.pop()?.()
      // A subscription may take a moment to reach the server: a first signal that arrives proves that it has.
      await vi.waitFor(() => {
        opened.sender.announceFinished({ id: "hello" })
        expect(first).toContain("hello")
        expect(second).toContain("hello")
      })
      const ids = Array.from({ length: 500 }, (_, index) => `job_${index}`)
      for (const id of ids) opened.sender.announceFinished({ id })
      await vi.waitFor(() => expect(first.filter((id) => id !== "hello")).toEqual(ids))
      expect(second.filter((id) => id !== "hello")).toEqual(ids)
      expect(gone).toEqual([])
      for (const stop of stops) stop()
    })

    test("keeps apart what has finished and what was cancelled", async () => {
      const finished: string[] = []
      const cancelled: string[] = []
      opened.receiver.onFinished(({ id }) => finished.push(id))
      opened.receiver.onCancelled(({ id }) => cancelled.push(id))
      await vi.waitFor(() => {
        opened.sender.announceFinished({ id: "done" })
        opened.sender.announceCancelled({ id: "unwanted" })
        expect(finished).toContain("done")
        expect(cancelled).toContain("unwanted")
      })
      expect(new Set([...finished, ...cancelled])).toEqual(new Set(["done", "unwanted"]))
      expect(cancelled).not.toContain("done")
      expect(finished).not.toContain("unwanted")
    })
  })
}
