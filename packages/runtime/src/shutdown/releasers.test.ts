import fc from "fast-check"
import { describe, expect, test, vi } from "vitest"
import { TimedOutError } from "../time/run-within.ts"
import { createReleasers, withReleasers } from "./releasers.ts"

const quiet = { error: () => undefined }
const never = () => new Promise<never>(() => undefined)

describe("createReleasers", () => {
  test("runs each once, last in first out, one after the other", async () => {
    const log: string[] = []
    const releasers = createReleasers({ logger: quiet })
    for (const name of ["a", "b", "c"]) {
      releasers.push({
        name,
        release: async () => {
          log.push(`${name} begins`)
          await new Promise((resolve) => setImmediate(resolve))
          log.push(`${name} ends`)
        },
      })
    }
    expect(await Promise.all([releasers.release(), releasers.release()])).toEqual([[], []])
    await releasers.release()
    expect(log).toEqual(["c begins", "c ends", "b begins", "b ends", "a begins", "a ends"])
  })

  test("goes on after an error and after one that hangs, and tells both", async () => {
    const error = vi.fn()
    const released = vi.fn()
    const broken = new Error("broken")
    let hangs: AbortSignal | null = null
    const releasers = createReleasers({ logger: { error } })
    releasers.push({ name: "first", release: released })
    releasers.push({
      name: "sync",
      release: () => {
        throw broken
      },
    })
    releasers.push({
      name: "hangs",
      timeoutMs: 5,
      release: (signal) => {
        hangs = signal
        return never()
      },
    })
    expect(await releasers.release()).toEqual([
      { name: "hangs", error: new TimedOutError({ what: "The release of hangs", timeoutMs: 5 }) },
      { name: "sync", error: broken },
    ])
    expect(released).toHaveBeenCalledOnce()
    expect(hangs).toMatchObject({ aborted: true })
    expect(error.mock.calls.map(([fields]) => fields.releaser)).toEqual(["hangs", "sync"])
  })

  test("releases at once what is pushed while or after it releases", async () => {
    const log: string[] = []
    const releasers = createReleasers({ logger: quiet })
    releasers.push({
      name: "a",
      release: () => {
        log.push("a")
        releasers.push({ name: "during", release: () => log.push("during") })
      },
    })
    await releasers.release()
    expect(log).toEqual(["a", "during"])
    releasers.push({ name: "after", release: () => log.push("after") })
    await vi.waitFor(() => expect(log).toEqual(["a", "during", "after"]))
  })

  test("whatever is pushed, and whenever, is released exactly once and failures are exactly those that failed", async () => {
    const action = fc.record({ fails: fc.boolean(), waits: fc.nat({ max: 2 }), next: fc.constantFrom("push", "release", "turn") })
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const releasers = createReleasers({ logger: quiet })
        const released: number[] = []
        for (const [index, { fails, waits, next }] of actions.entries()) {
          const release = async () => {
            for (let turn = 0; turn < waits; turn++) await new Promise((resolve) => setImmediate(resolve))
            released.push(index)
            if (fails) throw new Error(String(index))
          }
          releasers.push({ name: String(index), release })
          if (next === "release") void releasers.release()
          if (next === "turn") await new Promise((resolve) => setImmediate(resolve))
        }
        const failed = (await releasers.release()).map(({ name }) => Number(name))
        expect(released.toSorted((a, b) => a - b)).toEqual(actions.map((_, index) => index))
        expect(failed.toSorted((a, b) => a - b)).toEqual(actions.flatMap(({ fails }, index) => (fails ? [index] : [])))
      }),
    )
  })
})

describe("withReleasers", () => {
  test("releases what was opened when opening fails midway, and throws that error on", async () => {
    const log: string[] = []
    const opening = withReleasers({ logger: quiet }, async (releasers) => {
      releasers.push({ name: "a", release: () => log.push("a") })
      releasers.push({ name: "b", release: () => log.push("b") })
      throw new Error("no database")
    })
    await expect(opening).rejects.toThrow("no database")
    expect(log).toEqual(["b", "a"])
  })

  test("releases nothing by itself when opening succeeds", async () => {
    const release = vi.fn()
    const releasers = await withReleasers({ logger: quiet }, async (opened) => {
      opened.push({ name: "a", release })
      return opened
    })
    expect(release).not.toHaveBeenCalled()
    await releasers.release()
    expect(release).toHaveBeenCalledOnce()
  })
})
