import { sampleJob } from "@sluice/core/testing"
import { expect, test } from "vitest"
import { openTestStore } from "./open-test-store.ts"

test("connections are counted while they are open, in use, and waited for", async () => {
  const store = await openTestStore({ maxPoolSize: 3, minPoolSize: 0 })
  const seen = { inUse: 0, open: 0, waiting: 0 }
  const reads = Promise.all(Array.from({ length: 200 }, () => store.jobs.list({ filter: { tenantId: "t" }, before: null, limit: 1 })))
  const looking = setInterval(() => {
    const { open, inUse, waiting } = store.poolUse()
    seen.open = Math.max(seen.open, open)
    seen.inUse = Math.max(seen.inUse, inUse)
    seen.waiting = Math.max(seen.waiting, waiting)
  }, 1)
  await reads
  clearInterval(looking)
  await store.jobs.insert(sampleJob())
  expect(seen.inUse).toBeGreaterThan(0)
  expect(seen.inUse).toBeLessThanOrEqual(3)
  expect(seen.open).toBeLessThanOrEqual(3)
  expect(seen.waiting).toBeGreaterThan(0)
  expect(store.poolUse()).toMatchObject({ inUse: 0, waiting: 0 })
  await store.close()
  expect(store.poolUse()).toEqual({ open: 0, inUse: 0, waiting: 0 })
})
