import { StorageUnavailableError } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createGroupCommit, type FlushBounds, type FlushReport, type GroupCommitOptions } from "./group-commit.ts"

interface Item {
  readonly key: number
  readonly bytes: number
}

interface Flight {
  readonly items: readonly Item[]
  land(answers: readonly (string | Error)[]): void
  fail(reason: Error): void
}

const roomy: FlushBounds = { maxItems: 10, maxBytes: 100, maxWaitingItems: 100, maxWaitingBytes: 1_000 }
const item = (key: number, bytes = 1): Item => ({ key, bytes })
const answerOf = ({ key }: Item) => `answer to ${key}`
const never = new AbortController().signal

/** A group commit whose flushes leave and land when the test says so. */
function harness(options: { bounds?: Partial<FlushBounds>; report?: (report: FlushReport) => void } = {}) {
  const flights: Flight[] = []
  const deferred: (() => void)[] = []
  const settings: GroupCommitOptions<Item, string> = {
    commit: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly (string | Error)[]>()
      flights.push({ items, land: resolve, fail: reject })
      return promise
    },
    bytesOf: ({ bytes }) => bytes,
    compare: (a, b) => a.key - b.key,
    bounds: { ...roomy, ...options.bounds },
    defer: (flush) => void deferred.push(flush),
    nowMs: () => 0,
    ...(options.report && { report: options.report }),
  }
  const group = createGroupCommit(settings)
  const endTurn = () => {
    for (const flush of deferred.splice(0)) flush()
  }
  /** Lands whatever leaves, until nothing is left. */
  const landAll = async () => {
    for (let landed = 0; deferred.length > 0 || landed < flights.length; ) {
      endTurn()
      const flight = flights[landed]
      if (flight) {
        landed += 1
        flight.land(flight.items.map(answerOf))
      }
      await Promise.resolve().then(() => undefined)
      await Promise.resolve()
    }
  }
  return { group, flights, endTurn, landAll }
}

describe("group commit", () => {
  test("what one turn of the event loop adds leaves together, in order", async () => {
    const { group, flights, endTurn } = harness()
    const answers = Promise.all([3, 1, 2].map((key) => group.add(item(key), never)))
    expect(flights).toEqual([])
    endTurn()
    expect(flights.map(({ items }) => items.map(({ key }) => key))).toEqual([[1, 2, 3]])
    flights[0]?.land(flights[0].items.map(answerOf))
    expect(await answers).toEqual(["answer to 3", "answer to 1", "answer to 2"])
  })

  test("accumulates while a flush is in flight, and lets the rest leave when it landed", async () => {
    const { group, flights, endTurn } = harness()
    const first = group.add(item(1), never)
    endTurn()
    const rest = [group.add(item(2), never), group.add(item(3), never)]
    endTurn()
    expect(flights).toHaveLength(1)
    flights[0]?.land(["one"])
    expect(await first).toBe("one")
    await Promise.resolve()
    endTurn()
    expect(flights[1]?.items).toEqual([item(2), item(3)])
    flights[1]?.land(["two", "three"])
    expect(await Promise.all(rest)).toEqual(["two", "three"])
  })

  test("tells an error to its own item only", async () => {
    const { group, flights, endTurn } = harness()
    const settled = Promise.allSettled([group.add(item(1), never), group.add(item(2), never)])
    endTurn()
    flights[0]?.land([new Error("only yours"), "fine"])
    expect(await settled).toMatchObject([
      { status: "rejected", reason: { message: "only yours" } },
      { status: "fulfilled", value: "fine" },
    ])
  })

  test("tells a failed flush to its items, and goes on with the next", async () => {
    const { group, flights, endTurn } = harness()
    const lost = group.add(item(1), never)
    endTurn()
    const next = group.add(item(2), never)
    flights[0]?.fail(new Error("cut off"))
    await expect(lost).rejects.toThrow("cut off")
    endTurn()
    flights[1]?.land(["fine"])
    expect(await next).toBe("fine")
  })

  test("fails items that the flush forgot to answer", async () => {
    const { group, flights, endTurn } = harness()
    const settled = Promise.allSettled([group.add(item(1), never), group.add(item(2), never)])
    endTurn()
    flights[0]?.land(["fine"])
    expect(await settled).toMatchObject([{ status: "fulfilled" }, { status: "rejected" }])
  })

  test.each([
    ["items", { maxWaitingItems: 2 }, [1, 1, 1]],
    ["bytes", { maxWaitingBytes: 10 }, [6, 4, 1]],
  ])("refuses what goes over the bound of waiting %s", async (_what, bounds, sizes) => {
    const { group, flights, landAll } = harness({ bounds })
    const settled = Promise.allSettled(sizes.map((bytes, key) => group.add(item(key, bytes), never)))
    await landAll()
    const [first, second, third] = await settled
    expect([first?.status, second?.status]).toEqual(["fulfilled", "fulfilled"])
    expect(third).toMatchObject({ status: "rejected", reason: expect.any(StorageUnavailableError) })
    expect(flights.flatMap(({ items }) => items)).toHaveLength(2)
  })

  test("takes one item that is larger than the bounds when nothing else waits", async () => {
    const { group, landAll } = harness({ bounds: { maxBytes: 5, maxWaitingBytes: 10 } })
    const huge = group.add(item(1, 50), never)
    await landAll()
    expect(await huge).toBe("answer to 1")
  })

  test("does not send an item whose caller has given up", async () => {
    const { group, flights, landAll } = harness()
    const controller = new AbortController()
    const settled = Promise.allSettled([group.add(item(1), controller.signal), group.add(item(2), never)])
    controller.abort(new Error("too late"))
    await landAll()
    expect(await settled).toMatchObject([{ status: "rejected", reason: { message: "too late" } }, { status: "fulfilled" }])
    expect(flights.map(({ items }) => items)).toEqual([[item(2)]])
  })

  test("starts again after a flush whose callers had all given up", async () => {
    const { group, endTurn, landAll } = harness()
    const controller = new AbortController()
    const lost = group.add(item(1), controller.signal)
    controller.abort(new Error("too late"))
    endTurn()
    await expect(lost).rejects.toThrow("too late")
    const next = group.add(item(2), never)
    await landAll()
    expect(await next).toBe("answer to 2")
  })

  test("reports each flush, and survives a reporter that throws", async () => {
    const reports: FlushReport[] = []
    const report = (flushed: FlushReport) => {
      reports.push(flushed)
      throw new Error("a listener's own trouble")
    }
    const { group, landAll } = harness({ bounds: { maxItems: 2 }, report })
    const answers = Promise.all([1, 2, 3].map((key) => group.add(item(key, 7), never)))
    await landAll()
    await answers
    expect(reports).toEqual([
      { items: 2, bytes: 14, durationMs: 0, waitingItems: 1, failed: false },
      { items: 1, bytes: 7, durationMs: 0, waitingItems: 0, failed: false },
    ])
  })
})

type Step = { readonly add: Item } | { readonly endTurn: true } | { readonly land: "answers" | "error" }

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.record({ key: fc.nat(1_000_000), bytes: fc.integer({ min: 1, max: 60 }) }) }) },
    { weight: 2, arbitrary: fc.constant<Step>({ endTurn: true }) },
    { weight: 2, arbitrary: fc.record({ land: fc.constantFrom("answers" as const, "error" as const) }) },
  ),
  { maxLength: 80 },
)
const someBounds = fc.record({
  maxItems: fc.integer({ min: 1, max: 5 }),
  maxBytes: fc.integer({ min: 10, max: 100 }),
  maxWaitingItems: fc.integer({ min: 1, max: 20 }),
  maxWaitingBytes: fc.integer({ min: 20, max: 400 }),
})

/** Plays a script and tells what each added item came to, and which of them were in a flight that failed. */
async function play(script: readonly Step[], { group, flights, endTurn, landAll }: ReturnType<typeof harness>) {
  const outcomes = new Map<Item, string>()
  const failed = new Set<Item>()
  const pending: Promise<unknown>[] = []
  let landed = 0
  const add = (added: Item) => {
    const refusalOf = (error: Error) => (error instanceof StorageUnavailableError ? "refused" : "failed")
    const answer = group.add(added, never).catch(refusalOf)
    pending.push(answer.then((told) => outcomes.set(added, told)))
  }
  const land = (how: "answers" | "error") => {
    const flight = flights[landed]
    if (!flight) return
    landed += 1
    if (how === "answers") flight.land(flight.items.map(answerOf))
    else flight.fail(new Error("cut off"))
    if (how === "error") for (const lost of flight.items) failed.add(lost)
  }
  for (const step of script) {
    if ("add" in step) add({ ...step.add })
    else if ("land" in step) land(step.land)
    else endTurn()
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(flights.length - landed).toBeLessThanOrEqual(1)
  }
  await landAll()
  await Promise.all(pending)
  return { outcomes, failed }
}

function expectWithin(bounds: FlushBounds, { items }: Flight): void {
  expect(items.length).toBeLessThanOrEqual(bounds.maxItems)
  if (items.length > 1) expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(bounds.maxBytes)
  expect(items.map(({ key }) => key)).toEqual(items.map(({ key }) => key).toSorted((a, b) => a - b))
}

test("whatever is added when: each item travels at most once, within the bounds, and gets its own answer", async () => {
  await fc.assert(
    fc.asyncProperty(someBounds, steps, async (bounds, script) => {
      const played = harness({ bounds })
      const { outcomes, failed } = await play(script, played)
      const sent = played.flights.flatMap(({ items }) => items)
      expect(new Set(sent).size).toBe(sent.length)
      for (const flight of played.flights) expectWithin(bounds, flight)
      for (const [added, outcome] of outcomes) {
        const expected = failed.has(added) ? "failed" : answerOf(added)
        expect(outcome).toBe(sent.includes(added) ? expected : "refused")
      }
    }),
    { numRuns: 200 },
  )
})
