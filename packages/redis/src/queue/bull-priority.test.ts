import { priorities } from "@sluice/core"
import { expect, test } from "vitest"
import { bullPriorityOf, handedBackPriority } from "./bull-priority.ts"

test("what was handed back comes first, then interactive, standard and bulk", () => {
  const inOrder = [handedBackPriority, bullPriorityOf("interactive"), bullPriorityOf("standard"), bullPriorityOf("bulk")]
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
  expect(new Set(inOrder).size).toBe(priorities.length + 1)
  // BullMQ serves entries of priority 0 before all others, out of any order.
  expect(Math.min(...inOrder)).toBeGreaterThan(0)
})
