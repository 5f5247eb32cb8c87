import { describe, expect, test } from "vitest"
import type { InflictedStrike } from "./evidence.ts"
import { callsPaidTwice, explainPaidTwice } from "./paid-twice.ts"
import { sampleAttempt, sampleCall, sampleId, sampleJob, sampleStartMs } from "./sample-evidence.ts"

const strike = (fromMs: number, untilMs: number): InflictedStrike => ({
  fault: "kill-worker",
  fromMs: sampleStartMs + fromMs,
  untilMs: sampleStartMs + untilMs,
})
const first = sampleCall(1, { attempt: 1, atMs: 1_000 })
const again = sampleCall(1, { attempt: 1, atMs: 40_000 })
const second = sampleCall(1, { attempt: 2, atMs: 3_000 })
const none = { extra: 0, inLedger: 0, sameKey: 0, acrossFault: 0, unexplained: [] }

describe("calls that were paid for twice", () => {
  test("are the paid ones of one job", () => {
    const failed = sampleCall(2, { attempt: 1, atMs: 500, isPaid: false })
    expect(callsPaidTwice([failed, sampleCall(2, { attempt: 2, atMs: 900 }), second, first])).toEqual(
      new Map([[sampleId(1), [first, second]]]),
    )
    expect(explainPaidTwice({ calls: [failed, first], ledgers: [], strikes: [] })).toEqual(none)
  })

  test("are explained by a fault between a call and its repetition under the same key", () => {
    const explained = explainPaidTwice({ calls: [first, again], ledgers: [], strikes: [strike(1_100, 1_100)] })
    expect(explained).toEqual({ ...none, extra: 1, sameKey: 1 })
  })

  test("are explained by what was left in confusion for half a minute after a fault", () => {
    const explained = explainPaidTwice({ calls: [first, again], ledgers: [], strikes: [strike(-40_000, -29_000)] })
    expect(explained).toEqual({ ...none, extra: 1, sameKey: 1 })
  })

  test("are explained by an attempt that the ledger has as failed", () => {
    const ledgers = [sampleJob(1, { attempts: [sampleAttempt(1, "failed"), sampleAttempt(2, "succeeded")] })]
    expect(explainPaidTwice({ calls: [first, second], ledgers, strikes: [] })).toEqual({ ...none, extra: 1, inLedger: 1 })
  })

  test("are explained so too where the provider got to the failed one last", () => {
    const ledgers = [sampleJob(1, { attempts: [sampleAttempt(1, "failed"), sampleAttempt(2, "succeeded")] })]
    expect(explainPaidTwice({ calls: [second, again], ledgers, strikes: [] })).toEqual({ ...none, extra: 1, inLedger: 1 })
  })

  test("are explained by a fault where the ledger does not know of the first", () => {
    const explained = explainPaidTwice({ calls: [first, second], ledgers: [], strikes: [strike(2_000, 9_000)] })
    expect(explained).toEqual({ ...none, extra: 1, acrossFault: 1 })
  })

  test("stay unexplained when nothing was harmed in between", () => {
    const strikes = [strike(-40_000, -29_100), strike(50_000, 60_000), { ...strike(2_000, 2_000), fault: "kill-api" as const }]
    expect(explainPaidTwice({ calls: [first, again], ledgers: [], strikes })).toEqual({ ...none, extra: 1, unexplained: [first] })
    expect(explainPaidTwice({ calls: [first, second], ledgers: [], strikes })).toEqual({ ...none, extra: 1, unexplained: [first] })
  })
})
