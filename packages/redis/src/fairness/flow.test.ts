import { describe, expect, test } from "vitest"
import { flowOf } from "./flow.ts"

describe("flowOf", () => {
  test("is one per tenant and priority", () => {
    const flows = (["ten_a", "ten_b"] as const).flatMap((tenantId) =>
      (["interactive", "standard", "bulk"] as const).map((priority) => flowOf({ tenantId, priority }).flow),
    )
    expect(flows).toEqual(["i:ten_a", "s:ten_a", "b:ten_a", "i:ten_b", "s:ten_b", "b:ten_b"])
  })

  test("a tenant of weight 1 has the step of its priority, a heavier one a smaller one", () => {
    expect(flowOf({ tenantId: "a", priority: "bulk" }).step).toBe(16_000)
    expect(flowOf({ tenantId: "a", priority: "bulk", weight: 4 }).step).toBe(4_000)
  })
})
