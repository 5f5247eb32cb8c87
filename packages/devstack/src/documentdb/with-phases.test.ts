import { expect, test } from "vitest"
import { pollUntil } from "../system/poll-until.ts"
import { withPhases } from "./with-phases.ts"

test("says each phase, and again while it lasts", async () => {
  const lines: string[] = []
  const result = await withPhases({ title: "DocumentDB", report: (line) => lines.push(line), repeatMs: 5 }, async (onPhase) => {
    onPhase("downloading")
    await pollUntil(() => lines.length >= 3, { timeoutMs: 5_000, intervalMs: 1 })
    onPhase("unpacking")
    return "done"
  })
  expect(result).toBe("done")
  expect(new Set(lines.slice(0, -1))).toEqual(new Set(["DocumentDB: downloading (0 s)"]))
  expect(lines.at(-1)).toBe("DocumentDB: unpacking (0 s)")
})
