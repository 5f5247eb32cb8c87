import { QueueUnavailableError } from "@sluice/core"
import fc from "fast-check"
import { afterEach, describe, expect, test, vi } from "vitest"
import { advance, useFakeTimeouts } from "../../test/support/fake-time.ts"
import { createGroupCommit } from "./group-commit.ts"

type Outcomes = readonly PromiseSettledResult<unknown>[]
const written = (items: readonly unknown[]): Outcomes => items.map(() => ({ status: "fulfilled", value: undefined }))

/** A writer whose groups are answered by hand, in any way. */
function setUp(overrides: { readonly maxGroup?: number; readonly maxPending?: number } = {}) {
  const groups: { readonly items: readonly number[]; readonly answer: PromiseWithResolvers<Outcomes> }[] = []
  const line = createGroupCommit<number>({
    commit: (items) => {
      const answer = Promise.withResolvers<Outcomes>()
      groups.push({ items, answer })
      return answer.promise
    },
    maxGroup: overrides.maxGroup ?? 100,
    maxPending: overrides.maxPending ?? 1_000,
    waitMs: 800,
  })
  const group = async (index: number) => {
    await vi.waitFor(() => expect(groups.length).toBeGreaterThan(index), { interval: 1 })
    const found = groups[index]
    if (found === undefined) throw new Error("There is no such group.")
    return { items: found.items, answer: found.answer, succeed: () => found.answer.resolve(written(found.items)) }
  }
  return { line, groups, group }
}

afterEach(() => {
  vi.useRealTimers()
})

describe("group commit", () => {
  test("calls of one turn travel together, those that arrive meanwhile together after them, in order", async () => {
    const { line, groups, group } = setUp()
    const calls = [line.submit([1]), line.submit([2, 3])]
    const first = await group(0)
    calls.push(line.submit([4]))
    await new Promise((resolve) => setImmediate(resolve))
    calls.push(line.submit([5]))
    expect(groups.length).toBe(1)
    first.succeed()
    const second = await group(1)
    second.succeed()
    await Promise.all(calls)
    expect(groups.map(({ items }) => items)).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
  })

  test("a call is answered when all its items are written, over several groups, and not before", async () => {
    const { line, groups, group } = setUp({ maxGroup: 2 })
    const settled = vi.fn()
    const call = line.submit([1, 2, 3]).then(settled)
    ;(await group(0)).succeed()
    const second = await group(1)
    expect(settled).not.toHaveBeenCalled()
    second.succeed()
    await call
    expect(groups.map(({ items }) => items)).toEqual([[1, 2], [3]])
  })

  test("a refused item fails its own call and no other", async () => {
    const { line, group } = setUp()
    const [good, bad] = [line.submit([1]), line.submit([2, 3])]
    const refusal = new Error("OOM")
    const { answer } = await group(0)
    answer.resolve([...written([1]), { status: "rejected", reason: refusal }, ...written([3])])
    await expect(bad).rejects.toBe(refusal)
    await expect(good).resolves.toBeUndefined()
  })

  test("a failed write fails the calls of its group, and the next group is written all the same", async () => {
    const { line, group } = setUp()
    const failing = line.submit([1])
    const { answer } = await group(0)
    const next = line.submit([2])
    answer.reject(new Error("lost"))
    await expect(failing).rejects.toThrow("lost")
    ;(await group(1)).succeed()
    await expect(next).resolves.toBeUndefined()
  })

  test("a call waits no longer than it may, and what was not yet sent of it is not sent", async () => {
    useFakeTimeouts()
    const { line, groups } = setUp()
    const first = line.submit([1]).catch((error: unknown) => error)
    await advance(100)
    const late = line.submit([2]).catch((error: unknown) => error)
    await advance(800)
    expect(await first).toBeInstanceOf(QueueUnavailableError)
    expect(await late).toBeInstanceOf(QueueUnavailableError)
    groups[0]?.answer.resolve(written([1]))
    await advance(10)
    expect(groups.length).toBe(1)
  })

  test("a full line refuses at once", async () => {
    const { line, group } = setUp({ maxPending: 3 })
    const accepted = line.submit([1, 2])
    await expect(line.submit([3, 4])).rejects.toBeInstanceOf(QueueUnavailableError)
    ;(await group(0)).succeed()
    await accepted
  })

  test("whatever is submitted, every item of a call that succeeds was written once, in order", async () => {
    const calls = fc.array(fc.array(fc.boolean(), { maxLength: 5 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 7 }), async (plan, maxGroup) => {
        const seen: number[] = []
        let next = 0
        const numbered = plan.map((items) => items.map((isGood) => ({ isGood, number: next++ })))
        const line = createGroupCommit<{ readonly isGood: boolean; readonly number: number }>({
          commit: async (items) => {
            seen.push(...items.map(({ number }) => number))
            await new Promise((resolve) => setImmediate(resolve))
            return items.map(({ isGood }) =>
              isGood ? { status: "fulfilled", value: null } : { status: "rejected", reason: new Error("no") },
            )
          },
          maxGroup,
          maxPending: 1_000,
          waitMs: 10_000,
        })
        const outcomes = await Promise.allSettled(numbered.map((items) => line.submit(items)))
        expect(seen).toEqual(seen.toSorted((a, b) => a - b))
        expect(new Set(seen).size).toBe(seen.length)
        outcomes.forEach((outcome, index) => {
          const items = numbered[index] ?? []
          expect(outcome.status).toBe(items.every(({ isGood }) => isGood) ? "fulfilled" : "rejected")
          if (outcome.status === "fulfilled") for (const { number } of items) expect(seen).toContain(number)
        })
      }),
      { numRuns: 50 },
    )
  })
})
