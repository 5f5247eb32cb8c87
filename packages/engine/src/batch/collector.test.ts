import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type Collectable, createCollector } from "./collector.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Item extends Collectable {
  readonly name: string
}

const bounds = { maxTexts: 4, maxTokens: 100, maxBytes: 1_000 }

function setUp() {
  const sent: string[][] = []
  const ends: (() => void)[] = []
  const collector = createCollector<Item>({
    lingerMs: 5,
    maxWaitMs: 200,
    send: (items) => {
      sent.push(items.map(({ name }) => name))
      const { promise, resolve } = Promise.withResolvers<void>()
      ends.push(resolve)
      return promise
    },
  })
  const add = (name: string, size: Partial<Item["size"]> = {}, gone = new AbortController().signal) =>
    collector.add({ name, size: { texts: 1, tokens: 1, bytes: 1, ...size }, gone }, { key: "k", bounds })
  const end = async (index: number) => {
    ends[index]?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  return { sent, add, end, collector }
}

test("what comes within the linger goes together", async () => {
  const { add, sent } = setUp()
  add("a")
  await vi.advanceTimersByTimeAsync(4)
  add("b")
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(sent).toEqual([["a", "b"]])
})

test("while a batch is under way the next gathers, and goes when it ends", async () => {
  const { add, end, sent } = setUp()
  add("a")
  await vi.advanceTimersByTimeAsync(5)
  add("b")
  await vi.advanceTimersByTimeAsync(100)
  add("c")
  expect(sent).toEqual([["a"]])
  await end(0)
  expect(sent).toEqual([["a"], ["b", "c"]])
})

test("a batch that takes long holds up the next no longer than its bound", async () => {
  const { add, sent } = setUp()
  add("a")
  await vi.advanceTimersByTimeAsync(5)
  add("b")
  await vi.advanceTimersByTimeAsync(199)
  expect(sent).toEqual([["a"]])
  await vi.advanceTimersByTimeAsync(1)
  expect(sent).toEqual([["a"], ["b"]])
})

test("a full batch goes at once", () => {
  const { add, sent } = setUp()
  for (const name of ["a", "b", "c", "d", "e"]) add(name)
  expect(sent).toEqual([["a", "b", "c", "d"]])
})

test.each([
  ["texts", { texts: 3 }],
  ["tokens", { tokens: 60 }],
  ["bytes", { bytes: 600 }],
])("what would take too many %s begins the next batch", async (_what, size) => {
  const { add, sent } = setUp()
  add("a", size)
  add("b", size)
  expect(sent).toEqual([["a"]])
  await vi.advanceTimersByTimeAsync(200)
  expect(sent).toEqual([["a"], ["b"]])
})

test("what is gone by then is not sent, and a batch of nothing neither", async () => {
  const { add, sent } = setUp()
  add("a", {}, AbortSignal.abort())
  await vi.advanceTimersByTimeAsync(5)
  expect(sent).toEqual([])
  add("b", {}, AbortSignal.abort())
  add("c")
  await vi.advanceTimersByTimeAsync(5)
  expect(sent).toEqual([["c"]])
})

test("keys do not wait for each other", async () => {
  const { add, collector, sent } = setUp()
  add("a")
  await vi.advanceTimersByTimeAsync(5)
  const size = { texts: 1, tokens: 1, bytes: 1 }
  collector.add({ name: "b", size, gone: new AbortController().signal }, { key: "other", bounds })
  await vi.advanceTimersByTimeAsync(5)
  expect(sent).toEqual([["a"], ["b"]])
})
