import { describe, expect, test } from "vitest"
import { always, catalogOf, createHarness, inOrder } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"

const overloaded = { error: "overloaded" } as const

describe("each mechanism can be switched off by itself", () => {
  test("retry: a job ends with its first failure", async () => {
    const script = inOrder(overloaded, { text: "late" })
    const on = await createHarness({ script, catalog: catalogOf({ endpoints: { a: {} } }) })
    expect(await on.executeToEnd()).toMatchObject({ status: "succeeded", attemptCount: 2 })
    const off = await createHarness({ script, catalog: catalogOf({ endpoints: { a: {} }, route: { retry: "off" } }) })
    expect(await off.executeToEnd()).toMatchObject({ status: "failed", attemptCount: 1, error: { type: "overloaded", endpoint: "a" } })
  })

  test("retry: also where the endpoint is to blame, which otherwise costs a job nothing but time", async () => {
    const catalog = catalogOf({ endpoints: { a: {} }, route: { retry: "off" } })
    const admission = openAdmission({ settle: () => ({ healthy: false }) })
    const { executeToEnd } = await createHarness({ script: always(overloaded), catalog, admission })
    expect(await executeToEnd(1)).toMatchObject({ status: "failed", attemptCount: 1, error: { type: "overloaded" } })
  })

  test("failover: another endpoint is asked only when the job is retried", async () => {
    const script = inOrder(overloaded, { text: "late" })
    const on = await createHarness({ script, catalog: catalogOf() })
    expect((await on.executeOnce()).kind).toBe("done")
    const off = await createHarness({ script, catalog: catalogOf({ route: { failover: "off" } }) })
    expect((await off.executeOnce()).kind).toBe("again")
    expect(off.provider.calls).toHaveLength(1)
  })

  test("breaker and limits: admission is asked without any", async () => {
    const admission = openAdmission()
    const catalog = catalogOf({ endpoints: { a: { breaker: "off", limits: "off" } } })
    const { executeToEnd } = await createHarness({ script: always({ text: "ok" }), catalog, admission })
    await executeToEnd()
    expect(admission.admitted[0]?.endpoints[0]).toMatchObject({
      breaker: null,
      requestsPerMinute: null,
      tokensPerMinute: null,
      concurrency: null,
    })
    expect(admission.settled[0]).toMatchObject({ reported: null, throttled: false })
  })
})
