import type { Job } from "@sluice/core"
import { sampleJob } from "@sluice/core/testing"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Answer, type StoreCommand, send, specified, storeCommand } from "./job-commands.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const tokens = fc.constantFrom("a", "b")
const at = new Date("2026-01-01T00:00:00.000Z")

describe("the store and the specification of the job state machine", () => {
  let one: TestStore
  let other: TestStore
  beforeAll(async () => {
    one = await openTestStore()
    other = await openTestStore({ database: one.database })
  })
  afterAll(async () => {
    await other.close()
    await one.close()
  })
  const find = ({ tenantId, id }: Job) => one.jobs.find({ tenantId, id })

  /** Sends a command to the store and to the specification, and returns the job as both then have it. */
  async function compare(before: Job, command: StoreCommand, handedBackBy: Map<string, string>): Promise<Job> {
    const expected = specified(before, command)
    // The store takes a second hand-back of one execution for the first one repeated.
    const handedBack = command.type === "hand_back" ? `${command.token} in run ${command.run}` : null
    const isRepeated = handedBack !== null && "run" in command && command.run === before.run && handedBackBy.get(before.id) === handedBack
    expect(await send(one.jobs, before, command)).toBe(isRepeated ? "applied" : expected.answer)
    if (handedBack !== null && expected.answer === "applied") handedBackBy.set(before.id, handedBack)
    if (command.type === "rescue" && expected.answer === "applied") handedBackBy.delete(before.id)
    expect(await find(before)).toEqual(expected.job)
    return expected.job
  }

  test("agree on every answer and every state, whatever is sent in whatever order", async () => {
    const script = fc.array(fc.record({ index: fc.nat(1), command: storeCommand({ claimed: tokens, named: tokens }) }), {
      minLength: 1,
      maxLength: 30,
      size: "max", // Short scripts hardly ever get to a second wait or to a full ledger.
    })
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const queued = [sampleJob(), sampleJob()] as const
        await Promise.all(queued.map((job) => one.jobs.insert(job)))
        const jobs: Job[] = [...queued]
        const handedBackBy = new Map<string, string>()
        for (const { index, command } of steps) jobs[index] = await compare(jobs[index] ?? queued[0], command, handedBackBy)
      }),
      { numRuns: 60 },
    )
  })

  test("agree that what happens at once happened one after the other", async () => {
    // Nobody can name a token before its claim was answered.
    const command = storeCommand({ claimed: fc.uuid(), named: fc.constantFrom("held", "of an earlier claim") })
    const commands = fc.array(command, { minLength: 2, maxLength: 4 })
    const claim = { type: "claim", run: 1, claim: { token: "held", workerId: "w", at } } as const
    await fc.assert(
      fc.asyncProperty(commands, async (sent) => {
        const queued = sampleJob()
        const running = specified(queued, claim).job
        await one.jobs.insert(queued)
        await send(one.jobs, queued, claim)
        const answers = await Promise.all(sent.map((command, index) => send((index % 2 === 0 ? one : other).jobs, queued, command)))
        const final = await find(queued)
        const explained = permutations(sent.map((_, index) => index)).some((order) => explains(running, { sent, answers, final, order }))
        expect(explained, `No order of the commands explains ${JSON.stringify({ sent, answers, final })}`).toBe(true)
      }),
      { numRuns: 80 },
    )
  })
})

interface Observation {
  readonly sent: readonly StoreCommand[]
  readonly answers: readonly Answer[]
  readonly final: Job | null
  readonly order: readonly number[]
}

/**
 * Whether the commands, one after the other in this order, come to what was observed. What applied says so; what did not
 * may be told by any state from its place on, since losers look at the job later. A claim may be told too that it is
 * gone, and a hand-back or a parking that it was overtaken, when another one has voided it before it could be confirmed.
 */
function explains(initial: Job, { sent, answers, final, order }: Observation): boolean {
  const states = [initial]
  const applied = order.map((index) => {
    const { answer, job } = specified(states.at(-1) ?? initial, commandAt(sent, index))
    states.push(job)
    return answer === "applied"
  })
  const isTold = order.every((index, place) => {
    const command = commandAt(sent, index)
    if (answers[index] === "applied") return applied[place] || isOwnHandBack(order.slice(0, place), sent, command)
    if (applied[place] && !["claim", "hand_back", "park", "resume"].includes(command.type)) return false
    return states.slice(applied[place] ? place + 2 : place).some((state) => refusalOf(state, command) === answers[index])
  })
  return isTold && isSame(states.at(-1), final)
}

/** The store takes a second hand-back of one execution for the first one repeated. */
function isOwnHandBack(earlier: readonly number[], sent: readonly StoreCommand[], command: StoreCommand): boolean {
  return (
    command.type === "hand_back" &&
    earlier.some((index) => {
      const { type, ...other } = commandAt(sent, index)
      return type === "hand_back" && "token" in other && other.token === command.token
    })
  )
}

function refusalOf(state: Job, command: StoreCommand): Answer {
  const isOvertaken = command.type === "claim" && state.status === "running" && state.claim.token !== command.claim.token
  return isOvertaken ? "gone" : specified(state, command).answer
}

function commandAt(sent: readonly StoreCommand[], index: number): StoreCommand {
  const command = sent[index]
  if (!command) throw new Error(`There is no command ${index}`)
  return command
}

function isSame(one: Job | undefined, other: Job | null): boolean {
  try {
    expect(other).toEqual(one)
    return true
  } catch {
    return false
  }
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
