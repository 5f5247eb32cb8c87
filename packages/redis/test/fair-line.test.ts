import { randomUUID } from "node:crypto"
import { createFairLine, type FairEntry } from "@sluice/resilience"
import fc from "fast-check"
import { describe, expect, onTestFinished, test } from "vitest"
import type { LineEntry } from "../src/fairness/fair-line.ts"
import { jobJsonOf, type LineUnderTest, type LineUnderTestOptions, openLineUnderTest } from "./support/line-under-test.ts"

type Share = Pick<FairEntry, "flow" | "step">

type Command =
  | { readonly kind: "add"; readonly shares: readonly Share[] }
  | { readonly kind: "add again"; readonly pick: number }
  | { readonly kind: "come due"; readonly share: Share }
  | { readonly kind: "fetch"; readonly count: number; readonly handsBack: boolean }
  | { readonly kind: "remove"; readonly pick: number }
  | { readonly kind: "drain" }

const pick = fc.nat(99)

function commands(steps: readonly number[]): fc.Arbitrary<Command> {
  const share = fc.record({ flow: fc.constantFrom("i:a", "s:a", "s:b", "b:c"), step: fc.constantFrom(...steps) })
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("add" as const), shares: fc.array(share, { minLength: 1, maxLength: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("add again" as const), pick }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("come due" as const), share }) },
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant("fetch" as const), count: fc.integer({ min: 1, max: 5 }), handsBack: fc.boolean() }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), pick }) },
    { weight: 1, arbitrary: fc.constant({ kind: "drain" as const }) },
  )
}

/** Does the same to the line in Redis and to the rules on their own, and demands the same order. */
async function follow(real: LineUnderTest, plan: readonly Command[]): Promise<void> {
  const model = createFairLine()
  const waiting = new Map<string, LineEntry>()
  let made = 0
  const create = (ofShare: Share): LineEntry => {
    made += 1
    const entry = { id: `entry-${made}`, ...ofShare }
    waiting.set(entry.id, entry)
    return entry
  }
  const picked = (index: number): LineEntry | undefined => Array.from(waiting.values())[index % Math.max(1, waiting.size)]
  const fetch = async (handsBack: boolean): Promise<void> => {
    const [fetched, expected] = [await real.fetch(), model.fetch()]
    expect(fetched?.id).toBe(expected?.id)
    if (fetched === null || expected === null) return
    if (handsBack) {
      await fetched.handBack()
      model.handBack(expected)
    } else {
      await fetched.done()
      waiting.delete(fetched.id)
    }
  }
  const drain = async (): Promise<void> => {
    while (waiting.size > 0) await fetch(false)
    expect(await real.fetch()).toBeNull()
  }
  const perform = async (next: Command): Promise<void> => {
    switch (next.kind) {
      case "add": {
        const entries = next.shares.map(create)
        await real.line.enqueue(entries, new Date())
        for (const entry of entries) model.add(entry)
        return
      }
      case "add again": {
        const entry = picked(next.pick)
        if (entry !== undefined) await real.line.enqueue([entry, entry], new Date())
        return
      }
      case "come due": {
        const entry = create(next.share)
        await real.comeDue(entry)
        model.comeDue(entry)
        return
      }
      case "fetch":
        for (let count = 0; count < next.count; count += 1) await fetch(next.handsBack)
        return
      case "remove": {
        const entry = picked(next.pick)
        if (entry === undefined) return
        await real.remove(entry.id)
        model.remove(entry.id)
        waiting.delete(entry.id)
        return
      }
      case "drain":
        await drain()
    }
  }
  for (const next of plan) await perform(next)
  await drain()
}

describe("the line in Redis follows the rules of the fair line", () => {
  /** From a thousandth of a stamp to a hundred and sixty. */
  const plans = fc.array(commands([1, 333, 1_000, 4_000, 16_000, 160_000]), { maxLength: 40 })

  test("whatever is done to it", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const line = openLineUnderTest({ namespace: `test-${randomUUID()}` })
        await follow(line, plan).finally(line.close)
      }),
      { numRuns: 40 },
    )
  })

  test("when virtual time has come far", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const line = openLineUnderTest({ namespace: `test-${randomUUID()}` })
        await line.client.zadd(line.key("fair"), 4_111_222_333_444_000, "V")
        await follow(line, plan).finally(line.close)
      }),
      { numRuns: 20 },
    )
  })

  test("near the ceiling of stamps, where entries are moved to the next base, also by two workers at once", async () => {
    const flood = ["b:x", "b:y"].flatMap((flow) => Array.from({ length: 20 }, (): Share => ({ flow, step: 16_000 })))
    const busy = commands([333, 1_000, 4_000, 16_000]).filter(({ kind }) => kind !== "drain")
    await fc.assert(
      fc.asyncProperty(fc.array(busy, { maxLength: 60 }), fc.integer({ min: 1, max: 2 }), async (plan, attendants) => {
        const line = openLineUnderTest({ namespace: `test-${randomUUID()}`, ceiling: 250, movedAtOnce: 20, attendants })
        await follow(line, [{ kind: "add", shares: flood }, ...plan]).finally(line.close)
      }),
      { numRuns: 30 },
    )
  })
})

let made = 0
function newEntry(flow: string, step = 4_000): LineEntry {
  made += 1
  return { id: `${flow.replace(":", "_")}-${made}`, flow, step }
}

function newEntries(count: number, flow: string, step?: number): readonly LineEntry[] {
  return Array.from({ length: count }, () => newEntry(flow, step))
}

function open(options: Omit<LineUnderTestOptions, "namespace"> = {}) {
  const opened = openLineUnderTest({ namespace: `test-${randomUUID()}`, ...options })
  onTestFinished(opened.close)
  const { client, key, line } = opened
  const add = (...entries: readonly LineEntry[]): Promise<void> => line.enqueue(entries, new Date(0))
  /** Works on so many entries; the ids of what was worked on. */
  const serve = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = []
    for (let served = 0; served < count; served += 1) {
      const fetched = await opened.fetch()
      await fetched?.done()
      if (fetched !== null) ids.push(fetched.id)
    }
    return ids
  }
  const stampOf = async ({ id }: LineEntry): Promise<number> => Math.floor(Number(await client.zscore(key("prioritized"), id)) / 2 ** 32)
  const virtualTime = async (): Promise<number> => Number(await client.zscore(key("fair"), "V"))
  return { ...opened, add, serve, stampOf, virtualTime }
}

/** What BullMQ's keys of the queue hold, save what nobody reads. */
async function contents({ client, key }: LineUnderTest, id: string) {
  const { opts: _, processedOn: __, ...entry } = await client.hgetall(key(id))
  return {
    entry,
    lock: await client.get(`${key(id)}:lock`),
    active: await client.lrange(key("active"), 0, "-1"),
    stalled: await client.smembers(key("stalled")),
    wait: await client.lrange(key("wait"), 0, "-1"),
    delayed: await client.zrange(key("delayed"), 0, "-1"),
    marker: await client.zrange(key("marker"), 0, "-1", "WITHSCORES"),
    prioritized: await client.zrange(key("prioritized"), 0, "-1", "WITHSCORES"),
    counter: await client.get(key("pc")),
  }
}

describe("what BullMQ finds", () => {
  test("of an entry in line is what it writes itself", async () => {
    const [ours, theirs] = [open(), open()]
    const entry = newEntry("s:a")
    await ours.add(entry)
    const { data = "", priority } = await ours.client.hgetall(ours.key(entry.id))
    await theirs.backend.addJob(jobJsonOf({ id: entry.id, data, opts: { priority: Number(priority) } }), entry.id)

    expect(await contents(ours, entry.id)).toEqual(await contents(theirs, entry.id))
  })

  test("of an entry that got its place when it was looked at is what it leaves behind itself", async () => {
    const [ours, theirs] = [open(), open()]
    const [first, due] = [newEntry("s:a"), newEntry("s:b")]
    for (const each of [ours, theirs]) {
      await each.add(first)
      await each.comeDue(due)
      expect((await each.takeOut())?.id).toBe(due.id)
      // A check for stalled entries has come by.
      await each.client.sadd(each.key("stalled"), due.id)
    }
    expect(await ours.line.arrive(due, "test")).toBe("left")
    const { data = "", priority = "" } = await ours.client.hgetall(ours.key(due.id))
    await theirs.client.hset(theirs.key(due.id), { data, priority })
    await theirs.backend.moveJobFromActiveToWait(due.id, "test")

    const { prioritized: _, counter: __, ...left } = await contents(ours, due.id)
    expect(await contents(theirs, due.id)).toMatchObject(left)
    // BullMQ would have put it before what came earlier.
    expect(await ours.serve(2)).toEqual([first.id, due.id])
  })
})

describe("an entry whose set time has come", () => {
  test("goes on where nothing in line stands before it, and moves virtual time", async () => {
    const { client, key, add, comeDue, takeOut, line, serve, virtualTime } = open()
    const [running, waiting, due] = [newEntry("s:a"), newEntry("b:a", 16_000), newEntry("s:a", 1_000)]
    await add(running, newEntry("b:a", 16_000), waiting)
    await serve(2)
    await comeDue(due)
    await takeOut()
    expect(await line.arrive(due, "test")).toBe("goes_on")
    expect(await client.lrange(key("active"), 0, "-1")).toEqual([due.id])
    expect(await client.get(`${key(due.id)}:lock`)).toBe("test")
    expect(await virtualTime()).toBe(4_000)
  })

  test("is left alone when its lock is another's by now, and costs its flow nothing", async () => {
    const { client, key, add, comeDue, takeOut, line, stampOf } = open()
    const [due, later] = [newEntry("s:a"), newEntry("s:a")]
    await add(newEntry("s:b"))
    await comeDue(due)
    await takeOut()
    await client.set(`${key(due.id)}:lock`, "another")
    expect(await line.arrive(due, "test")).toBe("left")
    expect(await client.lrange(key("active"), 0, "-1")).toEqual([due.id])
    expect(await client.zscore(key("prioritized"), due.id)).toBeNull()
    await add(later)
    expect(await stampOf(later)).toBe(3)
  })
})

describe("state", () => {
  test("virtual time never goes back", async () => {
    const { line, virtualTime } = open()
    await line.advance(9_000)
    await line.advance(4_000)
    expect(await virtualTime()).toBe(9_000)
  })

  test("flows that virtual time has passed are forgotten", async () => {
    const { client, key, add, serve } = open()
    for (let tenant = 0; tenant < 200; tenant += 1) {
      await add(...newEntries(2, `s:${tenant}`))
      await serve(tenant === 0 ? 1 : 2)
    }
    await add(newEntry("s:last"))
    expect(await client.zcard(key("fair"))).toBeLessThan(10)
  })

  test("an entry that is removed gives its flow the step back", async () => {
    const { add, remove, stampOf } = open()
    const [kept, removed, next] = [newEntry("s:a"), newEntry("s:a"), newEntry("s:a")]
    await add(kept, removed)
    await remove(removed.id)
    await remove(removed.id)
    await add(next)
    expect(await stampOf(next)).toBe(7)
  })

  test("what was handed back gives nothing back when it is removed", async () => {
    const { add, fetch, remove, takeOut, stampOf } = open()
    const [first, second, next] = [newEntry("s:a"), newEntry("s:b"), newEntry("s:b")]
    await add(first, second, newEntry("s:c"))
    const fetched = [await fetch(), await fetch()]
    for (const each of fetched) await each?.handBack()
    // Now the other stands in front of the line.
    expect((await takeOut())?.id).toBe(first.id)
    expect(await stampOf(second)).toBe(1)
    await remove(second.id)
    await add(next)
    expect(await stampOf(next)).toBe(7)
  })

  test("a start is told exactly, however far virtual time has come", async () => {
    const { client, key, add } = open()
    const entry = newEntry("s:a")
    await client.zadd(key("fair"), 8_111_222_333_444_555, "V")
    await add(entry)
    expect(await client.hget(key(entry.id), "data")).toBe('["s:a",4000,8111222333444555]')
  })

  test("an entry comes after those that wait already when the state of the line is lost", async () => {
    const { client, key, add, serve, stampOf } = open()
    const [waiting, next] = [newEntries(3, "s:a"), newEntry("s:b")]
    await add(...newEntries(2, "s:a"), ...waiting)
    await serve(2)
    await client.del(key("fair"), key("fair-base"))
    await add(next)
    expect(await stampOf(next)).toBe(11)
    expect(await serve(4)).toEqual([waiting[0]?.id, next.id, waiting[1]?.id, waiting[2]?.id])
  })

  test("a start that is told after Redis has lost its memory does no lasting harm", async () => {
    const { line, add, serve } = open()
    const [before, after] = [newEntry("s:a"), newEntries(3, "s:a")]
    await add(before)
    await line.advance(7e12)
    await serve(1)
    await add(...after)
    const other = newEntry("s:b")
    await add(other)
    expect(await serve(2)).toEqual([after[0]?.id, other.id])
  })

  test("scripts that Redis has forgotten are sent again, and the order stays", async () => {
    const { client, add, serve } = open()
    const entries = newEntries(300, "s:a")
    await add(newEntry("s:a"))
    await client.script("FLUSH")
    await Promise.all([add(...entries.slice(0, 100)), add(...entries.slice(100, 200)), add(...entries.slice(200))])
    expect((await serve(301)).slice(1)).toEqual(entries.map(({ id }) => id))
  })
})

describe("towards the ceiling of stamps", () => {
  const ceiling = 1_000

  test("entries are moved to the next base a few at a time, the lowest first, and in between the order holds", async () => {
    const { client, key, add, serve, stampOf } = open({ ceiling, movedAtOnce: 2 })
    const [a, b] = [newEntries(130, "s:a"), newEntries(4, "s:b")]
    await add(...a)
    const rest = a.slice(126)
    const stamps = (): Promise<readonly number[]> => Promise.all(rest.map(stampOf))
    await serve(125)
    expect(await stamps()).toEqual([507, 511, 515, 519])
    await serve(1)
    expect(await stamps()).toEqual([7, 11, 515, 519])
    expect(await client.hget(key("fair-base"), "base")).toBe("0")

    await add(...b)
    expect(await Promise.all(b.map(stampOf))).toEqual([3, 7, 511, 515])
    const inOrder = [b[0], rest[0], b[1], rest[1], b[2], rest[2], b[3], rest[3]].map((entry) => entry?.id)
    expect(await serve(3)).toEqual(inOrder.slice(0, 3))
    expect(await client.hget(key("fair-base"), "base")).toBe("500")
    expect(await serve(5)).toEqual(inOrder.slice(3))
  })

  test.each([
    { floods: ["s:flood", "s:other"], movedAtOnce: 1_000 },
    // So slowly that virtual time outruns the old base meanwhile.
    { floods: ["s:flood"], movedAtOnce: 2 },
  ])("floods that reach beyond it delay others by one entry each, whenever they come: %o", async ({ floods, movedAtOnce }) => {
    const { add, serve } = open({ ceiling, movedAtOnce })
    for (const flow of floods) await add(...newEntries(600, flow))
    for (let come = 0; come < 12; come += 1) {
      await serve(45 * floods.length)
      const newcomer = newEntry(`s:${come}`)
      await add(newcomer)
      expect(await serve(1 + floods.length)).toContain(newcomer.id)
    }
  })

  test("an entry is not put behind all others because some of them have yet to be moved", async () => {
    const { client, key, add, serve, stampOf } = open({ ceiling, movedAtOnce: 2 })
    for (const flow of ["s:a", "s:b"]) await add(...newEntries(600, flow))
    await serve(570)
    // The lowest are moved first: of those with the highest stamp all of the first flood, and so far a few of the other.
    expect(await client.hget(key("fair-base"), "base")).toBe("0")
    const newcomer = newEntry("s:c")
    await add(newcomer)
    expect(await stampOf(newcomer)).toBeLessThan(ceiling)
  })

  test("floods that reach beyond it share, one after the other as they were added", async () => {
    const { add, serve } = open({ ceiling })
    await add(...newEntries(600, "s:a"))
    await add(...newEntries(600, "s:b"))
    const served = await serve(1_200)
    for (let at = 0; at < 1_200; at += 2)
      expect(new Set(served.slice(at, at + 2).map((id) => id.slice(0, 3)))).toEqual(new Set(["s_a", "s_b"]))
  })
})
