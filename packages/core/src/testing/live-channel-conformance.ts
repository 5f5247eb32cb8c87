import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { Announcement, LiveChannel, LiveUpdate } from "../ports/live-channel.ts"

const jobIdOf = (digit: number) => `job_${String(digit).padStart(32, "0")}`
const updateOf = (piece: string): LiveUpdate => ({ jobId: jobIdOf(1), run: 1, execution: "e", text: { attempt: 1, offset: 0, piece } })

interface Ends {
  readonly worker: LiveChannel
  readonly readers: readonly [LiveChannel, LiveChannel]
  close(): Promise<void>
}

/** What every `LiveChannel` promises, between a worker and two processes with readers. */
export function liveChannelConformance(name: string, open: () => Promise<Ends>): void {
  describe(`${name} as LiveChannel`, () => {
    let ends: Ends
    const heard: Announcement[] = []
    beforeAll(async () => {
      ends = await open()
      ends.worker.onAnnounced((announcement) => void heard.push(announcement))
    })
    afterAll(() => ends.close())

    /** A subscription may take a moment to reach the server: what arrives proves that it has. */
    const nameOf = async (reader: LiveChannel, digit: number): Promise<string> =>
      await vi.waitFor(() => {
        reader.announce({ watched: [jobIdOf(digit)], renewed: [], left: [] })
        const found = heard.findLast(({ watched }) => watched.includes(jobIdOf(digit)))
        if (!found) throw new Error("Nothing was heard.")
        return found.reader
      })

    test("tells workers who watches what, each process under a name of its own", async () => {
      const [first, second] = ends.readers
      expect(await nameOf(first, 1)).not.toBe(await nameOf(second, 2))
      first.announce({ watched: [], renewed: [jobIdOf(3)], left: [jobIdOf(4)] })
      await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ watched: [], renewed: [jobIdOf(3)], left: [jobIdOf(4)] }))
    })

    test("brings updates to the process that they are for, in order, and to no other", async () => {
      const [first, second] = ends.readers
      const pieces: string[] = []
      const others: LiveUpdate[] = []
      const stop = first.onUpdates((updates) => void pieces.push(...updates.map(({ text }) => text?.piece ?? "")))
      second.onUpdates((updates) => void others.push(...updates))
      const reader = await nameOf(first, 1)
      await vi.waitFor(() => {
        ends.worker.publish({ reader, updates: [updateOf("hello")] })
        expect(pieces).toContain("hello")
      })
      const sent = Array.from({ length: 100 }, (_, index) => `p${index} 🌊\n`)
      for (const piece of sent) ends.worker.publish({ reader, updates: [updateOf(piece), updateOf("and")] })
      await vi.waitFor(() => expect(pieces.filter((piece) => piece !== "hello")).toEqual(sent.flatMap((piece) => [piece, "and"])))
      expect(others).toEqual([])
      stop()
    })

    test("calls all readers", async () => {
      const called = ends.readers.map((reader) => {
        const listener = vi.fn()
        reader.onCalled(listener)
        return listener
      })
      await vi.waitFor(() => {
        ends.worker.call()
        for (const listener of called) expect(listener).toHaveBeenCalled()
      })
    })
  })
}
