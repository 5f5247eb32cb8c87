import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { SpendGate } from "../ports/spend-gate.ts"

export interface SpendGateUnderTest {
  readonly gate: SpendGate
  readonly close: () => Promise<void>
}

const day = new Date("2026-01-01T00:00:00.000Z")

/** What every `SpendGate` promises. */
export function spendGateConformance(name: string, open: () => Promise<SpendGateUnderTest>): void {
  describe(`${name} as a SpendGate`, () => {
    let opened: SpendGateUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    let tenants = 0
    /** An account with a budget of 100, in which so much is spent. */
    async function account(spentPicoUsd = 0) {
      const of = { tenantId: `spend-${Date.now()}-${++tenants}`, day, budgetPicoUsd: 100 }
      const { gate } = opened
      await vi.waitFor(
        async () => expect(await gate.reserve({ ...of, call: "first", mostPicoUsd: 1 })).toEqual({ kind: "unopened", waitMs: 0 }),
        { timeout: 20_000 },
      )
      await gate.raise({ ...of, spentPicoUsd })
      return {
        reserve: (call: string, mostPicoUsd: number, more: object = {}) => gate.reserve({ ...of, call, mostPicoUsd, ...more }),
        settle: (call: string, costPicoUsd: number, more: object = {}) => gate.settle({ ...of, call, costPicoUsd, ...more }),
        raise: (spent: number, more: object = {}) => gate.raise({ ...of, spentPicoUsd: spent, ...more }),
        renew: (call: string, mostPicoUsd: number) => gate.renew([{ ...of, call, mostPicoUsd }]),
      }
    }

    test("lets calls reserve what fits beside what was spent and what others may cost", async () => {
      const { reserve, settle } = await account(40)
      expect(await reserve("a", 30)).toEqual({ kind: "reserved" })
      expect(await reserve("b", 31)).toEqual({ kind: "busy", spentPicoUsd: 40 })
      expect(await reserve("b", 61)).toEqual({ kind: "exhausted", spentPicoUsd: 40 })
      expect(await reserve("b", 30)).toEqual({ kind: "reserved" })
      expect(await settle("a", 5)).toEqual({ spentPicoUsd: 45, isNearlyUsed: false })
      expect(await reserve("c", 26)).toEqual({ kind: "busy", spentPicoUsd: 45 })
      expect(await reserve("c", 25)).toEqual({ kind: "reserved" })
    })

    test("takes a call that asks again for the same one", async () => {
      const { reserve } = await account()
      expect(await reserve("a", 60)).toEqual({ kind: "reserved" })
      expect(await reserve("a", 70)).toEqual({ kind: "reserved" })
      expect(await reserve("b", 31)).toMatchObject({ kind: "busy" })
      expect(await reserve("b", 30)).toEqual({ kind: "reserved" })
    })

    test("of many at once, reserves for no more than fit", async () => {
      const { reserve } = await account(10)
      const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => reserve(`call-${index}`, 9)))
      expect(outcomes.filter(({ kind }) => kind === "reserved")).toHaveLength(10)
    })

    test("follows a budget that is raised or lowered", async () => {
      const { reserve } = await account(90)
      expect(await reserve("a", 20)).toMatchObject({ kind: "exhausted" })
      expect(await reserve("a", 20, { budgetPicoUsd: 110 })).toEqual({ kind: "reserved" })
      expect(await reserve("b", 5, { budgetPicoUsd: 80 })).toMatchObject({ kind: "exhausted" })
    })

    test("counts exactly where doubles still do", async () => {
      const { raise, settle } = await account()
      const large = { budgetPicoUsd: 9e15 }
      await raise(8_999_999_999_999_990, large)
      expect(await settle("a", 3, large)).toMatchObject({ spentPicoUsd: 8_999_999_999_999_993 })
    })

    test("warns once under each budget, by whichever way it was nearly used", async () => {
      const { settle, raise } = await account()
      expect(await settle("a", 79)).toEqual({ spentPicoUsd: 79, isNearlyUsed: false })
      expect(await settle("b", 1)).toEqual({ spentPicoUsd: 80, isNearlyUsed: true })
      expect(await settle("c", 1)).toEqual({ spentPicoUsd: 81, isNearlyUsed: false })
      expect(await raise(85, { budgetPicoUsd: 200 })).toEqual({ spentPicoUsd: 85, isNearlyUsed: false })
      expect(await raise(160, { budgetPicoUsd: 200 })).toEqual({ spentPicoUsd: 160, isNearlyUsed: true })
      expect(await raise(170, { budgetPicoUsd: 200 })).toEqual({ spentPicoUsd: 170, isNearlyUsed: false })
    })

    test("never forgets what was spent for being told less, and keeps days and tenants apart", async () => {
      const { raise, reserve } = await account(60)
      expect(await raise(50)).toMatchObject({ spentPicoUsd: 60 })
      expect(await reserve("a", 30, { day: new Date("2026-01-02T00:00:00.000Z") })).toEqual({ kind: "unopened", waitMs: 0 })
      const other = await account()
      expect(await other.reserve("a", 100)).toEqual({ kind: "reserved" })
    })

    test("keeps what is renewed", async () => {
      const { renew, reserve } = await account()
      await renew("a", 70)
      expect(await reserve("b", 40)).toMatchObject({ kind: "busy" })
      await renew("a", 50)
      expect(await reserve("b", 40)).toEqual({ kind: "reserved" })
    })
  })
}
