import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { LogLevelOrder, ProcessControl, ProcessReport } from "../ports/process-control.ts"

const inAMinute = () => new Date(Math.floor(Date.now() / 1_000) * 1_000 + 60_000)

export function sampleProcess(overrides: Partial<ProcessReport> = {}): ProcessReport {
  return {
    ...{ id: "host-1-a", kind: "worker", host: "host", pid: 1, startedAt: new Date("2026-01-01T00:00:00.000Z") },
    ...{ logLevel: "info", configuredLogLevel: "info" },
    ...overrides,
  }
}

/** What every `ProcessControl` promises. */
export function processControlConformance(
  name: string,
  open: () => Promise<{ control: ProcessControl; close: () => Promise<void> }>,
): void {
  describe(`${name} as ProcessControl`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    test("lists the processes that report, as they last did, until they leave", async () => {
      const { control } = opened
      const [b, a] = [sampleProcess({ id: "b", kind: "api" }), sampleProcess({ id: "a" })]
      await control.report(b)
      await control.report(a)
      await control.report({ ...a, logLevel: "debug" })
      expect(await control.processes()).toEqual([{ ...a, logLevel: "debug" }, b])
      await control.leave("b")
      await control.leave("unknown")
      expect(await control.processes()).toEqual([{ ...a, logLevel: "debug" }])
      await control.leave("a")
    })

    test("an order about what is logged reaches whoever reports, until it is taken back or has run out", async () => {
      const { control } = opened
      const order: LogLevelOrder = { level: "debug", of: "worker", until: inAMinute(), by: "admin" }
      expect(await control.logLevel()).toBeNull()
      await control.setLogLevel(order)
      expect(await control.logLevel()).toEqual(order)
      expect(await control.report(sampleProcess())).toEqual({ logLevel: order, profile: null })
      await control.setLogLevel(null)
      expect(await control.report(sampleProcess())).toEqual({ logLevel: null, profile: null })
      await control.setLogLevel({ ...order, until: new Date(Date.now() + 200) })
      expect(await control.logLevel()).not.toBeNull()
      await vi.waitFor(async () => expect(await control.logLevel()).toBeNull(), { timeout: 5_000 })
    })

    test("an order for a profile is handed out once, to its process alone; its outcome is found under the order", async () => {
      const { control } = opened
      const order = { id: "order-1", processId: "host-1-a", kind: "cpu", durationMs: 5_000 } as const
      await control.orderProfile(order)
      expect((await control.report(sampleProcess({ id: "another" }))).profile).toBeNull()
      expect((await control.report(sampleProcess())).profile).toEqual(order)
      expect((await control.report(sampleProcess())).profile).toBeNull()
      expect(await control.profileOutcome(order.id)).toBeNull()
      await control.answerProfile(order.id, { kind: "written", file: "/tmp/a.cpuprofile", bytes: 12 })
      expect(await control.profileOutcome(order.id)).toEqual({ kind: "written", file: "/tmp/a.cpuprofile", bytes: 12 })
    })
  })
}
