import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createProfiler } from "../src/diagnostics/create-profiler.ts"

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "sluice-profiles-")), "profiles")
})
afterEach(() => rmSync(join(folder, ".."), { recursive: true }))

describe("profiles", () => {
  test("of the processor are for the developer tools, and for their owner alone", async () => {
    const outcome = await createProfiler({ folder, processId: "host-1-a" })({ kind: "cpu", durationMs: 100 })
    const [name = ""] = readdirSync(folder)
    expect(outcome).toMatchObject({ kind: "written", file: join(folder, name), bytes: statSync(join(folder, name)).size })
    expect(name).toMatch(/^host-1-a-.*\.cpuprofile$/)
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(JSON.parse(readFileSync(join(folder, name), "utf8"))).toMatchObject({ nodes: expect.any(Array), samples: expect.any(Array) })
  })

  test("of the heap are written too, and removed when they are too large", async () => {
    const outcome = await createProfiler({ folder, processId: "a" })({ kind: "heap", durationMs: 0 })
    expect(outcome).toMatchObject({ kind: "written", file: expect.stringMatching(/\.heapsnapshot$/) })
    const [name = ""] = readdirSync(folder)
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    rmSync(join(folder, name))
    const bounded = createProfiler({ folder, processId: "a", bounds: { maxBytes: 1_000 } })
    expect(await bounded({ kind: "heap", durationMs: 0 })).toEqual({
      kind: "refused",
      reason: expect.stringContaining("larger than 1000 bytes"),
    })
    expect(readdirSync(folder)).toEqual([])
  }, 60_000)

  test("are made one at a time", async () => {
    const profile = createProfiler({ folder, processId: "a" })
    const [first, second] = await Promise.all([profile({ kind: "cpu", durationMs: 100 }), profile({ kind: "cpu", durationMs: 100 })])
    expect(first.kind).toBe("written")
    expect(second).toEqual({ kind: "refused", reason: expect.stringContaining("another profile") })
    expect((await profile({ kind: "cpu", durationMs: 1 })).kind).toBe("written")
  })

  test("are refused with words where they cannot be made", async () => {
    const order = { kind: "heap", durationMs: 0 } as const
    expect(await createProfiler({ folder: null, processId: "a" })(order)).toMatchObject({
      reason: expect.stringContaining("SLUICE_PROFILE_DIR"),
    })
    const large = createProfiler({ folder, processId: "a", bounds: { maxHeapBytes: 1 } })
    expect(await large(order)).toMatchObject({ reason: expect.stringContaining("beyond 1 ") })
    const full = createProfiler({ folder, processId: "a", bounds: { maxFiles: 0 } })
    expect(await full({ kind: "cpu", durationMs: 1 })).toMatchObject({ reason: expect.stringContaining("Remove") })
    expect(await createProfiler({ folder: "/dev/null/profiles", processId: "a" })(order)).toMatchObject({ kind: "refused" })
  })
})
