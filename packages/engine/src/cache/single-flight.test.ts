import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createSingleFlight, type FlightOutcome, type SingleFlight } from "./single-flight.ts"
import { noSignal } from "./testing/answer-cache-harness.ts"

interface Lead {
  readonly share: (value: string) => void
  readonly end: (own: string) => void
  readonly fail: (error: Error) => void
}

/** Callers under one key whose work the test ends by hand. */
function setUp() {
  const flight = createSingleFlight<string>()
  const leads: Lead[] = []
  const call = (signal = noSignal, key = "k") =>
    flight.run({
      key,
      signal,
      lead: (share) => {
        const { promise, resolve, reject } = Promise.withResolvers<string>()
        leads.push({ share, end: resolve, fail: reject })
        return promise
      },
    })
  const lead = (index: number): Lead => {
    const found = leads[index]
    if (!found) throw new Error(`Nobody leads for the ${index + 1}. time`)
    return found
  }
  return { call, leads, lead }
}

/** Lets everything happen that needs no outside help. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe("single flight", () => {
  test("lets all who come while one works have what it shares, before it has ended", async () => {
    const { call, leads, lead } = setUp()
    const leader = call()
    const followers = [call(), call(), call()]
    lead(0).share("answer")
    expect(await Promise.all(followers)).toEqual(followers.map(() => ({ kind: "followed", shared: "answer" })))
    lead(0).end("own")
    expect(await leader).toEqual({ kind: "led", own: "own" })
    expect(leads).toHaveLength(1)
  })

  test("works anew for whoever comes later, also while the leader still does what is its own", async () => {
    const { call, leads, lead } = setUp()
    const leader = call()
    lead(0).share("answer")
    const later = call()
    expect(leads).toHaveLength(2)
    lead(0).end("own")
    await leader
    const follower = call()
    lead(1).share("second answer")
    expect(await follower).toEqual({ kind: "followed", shared: "second answer" })
    lead(1).end("own")
    await later
  })

  test("keeps keys apart", async () => {
    const { call, leads, lead } = setUp()
    const calls = [call(noSignal, "a"), call(noSignal, "b")]
    expect(leads).toHaveLength(2)
    lead(0).end("a")
    lead(1).end("b")
    expect(await Promise.all(calls)).toEqual([
      { kind: "led", own: "a" },
      { kind: "led", own: "b" },
    ])
  })

  test.each([
    ["fails", (one: Lead) => one.fail(new Error("leader failed"))],
    ["ends with nothing to share", (one: Lead) => one.end("handed back")],
  ])("has a follower lead when the leader %s", async (_what, end) => {
    const { call, leads, lead } = setUp()
    const leader = call()
    const followers = [call(), call(), call()]
    end(lead(0))
    await leader.catch((error: Error) => expect(error.message).toBe("leader failed"))
    await settled()
    expect(leads).toHaveLength(2)
    lead(1).share("answer")
    lead(1).end("own")
    expect(await Promise.all(followers)).toEqual([
      { kind: "led", own: "own" },
      { kind: "followed", shared: "answer" },
      { kind: "followed", shared: "answer" },
    ])
  })

  test("lets nobody wait for a third failure", async () => {
    const { call, leads, lead } = setUp()
    const calls = [call(), call(), call(), call()]
    lead(0).end("nothing")
    await settled()
    lead(1).end("nothing")
    await settled()
    expect(leads).toHaveLength(4)
    lead(2).end("alone")
    lead(3).end("alone")
    expect(await Promise.all(calls)).toMatchObject(["nothing", "nothing", "alone", "alone"].map((own) => ({ kind: "led", own })))
  })

  test("lets a follower go when its signal is aborted, and the others stay", async () => {
    const { call, lead } = setUp()
    const leader = call()
    const controller = new AbortController()
    const leaving = call(controller.signal)
    const staying = call()
    controller.abort(new Error("gone"))
    await expect(leaving).rejects.toThrow("gone")
    await expect(call(AbortSignal.abort(new Error("gone before")))).rejects.toThrow("gone before")
    lead(0).share("answer")
    lead(0).end("own")
    expect(await staying).toEqual({ kind: "followed", shared: "answer" })
    expect(await leader).toEqual({ kind: "led", own: "own" })
  })

  test("does not end a leader's work by its signal", async () => {
    const { call, lead } = setUp()
    const controller = new AbortController()
    const leader = call(controller.signal)
    controller.abort(new Error("gone"))
    lead(0).end("own")
    expect(await leader).toEqual({ kind: "led", own: "own" })
  })

  test("leaves no listener on a signal that lives on", async () => {
    const { call, lead } = setUp()
    const { signal } = new AbortController()
    const counted = countListeners(signal)
    const calls = [call(signal), call(signal), call(signal)]
    expect(counted()).toBe(2)
    lead(0).share("answer")
    lead(0).end("own")
    await Promise.all(calls)
    expect(counted()).toBe(0)
  })

  test("serves every caller, whoever shares, fails or leaves", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 12 }), fc.scheduler(), async (fates, scheduler) => {
        const flight = createSingleFlight<Fate>()
        const runs = Promise.allSettled(fates.map((caller) => runWithFate(flight, caller, scheduler)))
        await scheduler.waitIdle()
        for (const [index, outcome] of (await runs).entries()) expectFair(fates[index], outcome)
      }),
      { numRuns: 200 },
    )
  })
})

interface Fate {
  readonly outcome: "share" | "end" | "fail"
  readonly leaves: boolean
}

const fate: fc.Arbitrary<Fate> = fc.record({ outcome: fc.constantFrom("share", "end", "fail"), leaves: fc.boolean() })

function runWithFate(flight: SingleFlight<Fate>, caller: Fate, scheduler: fc.Scheduler): Promise<FlightOutcome<Fate, Fate>> {
  const controller = new AbortController()
  if (caller.leaves) void scheduler.schedule(Promise.resolve(), "leave").then(() => controller.abort("left"))
  return flight.run({
    key: "k",
    signal: controller.signal,
    lead: async (share) => {
      await scheduler.schedule(Promise.resolve(), "work")
      if (caller.outcome === "share") share(caller)
      if (caller.outcome === "fail") throw caller
      return caller
    },
  })
}

/** Each has its own outcome, or one that was meant to be shared; nobody has another's failure. */
function expectFair(caller: Fate | undefined, outcome: PromiseSettledResult<FlightOutcome<Fate, Fate>>): void {
  if (outcome.status === "rejected") expect(outcome.reason).toBe(caller?.leaves && outcome.reason === "left" ? "left" : caller)
  else if (outcome.value.kind === "led") expect(outcome.value.own).toBe(caller)
  else expect(outcome.value.shared.outcome).toBe("share")
}

function countListeners(signal: AbortSignal): () => number {
  let count = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    count += 1
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    count -= 1
    removeEventListener.apply(signal, args)
  }
  return () => count
}
