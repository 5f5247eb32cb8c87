import { StorageUnavailableError, type TenantStore } from "@sluice/core"
import { createMemoryTenantStore } from "@sluice/core/testing"
import { expect, test } from "vitest"
import { createTenantDirectory } from "./tenant-directory.ts"

test("a directory is asked for once by all who come at first, tells of an outage, and asks no more when it has loaded", async () => {
  const kept = createMemoryTenantStore()
  const at = new Date()
  await kept.insert({ id: "acme", name: null, settings: {}, createdAt: at, updatedAt: at, disabled: { at, by: "admin" } })
  const state = { isAway: true, asked: 0 }
  const store: TenantStore = {
    ...kept,
    changedSince(mark) {
      state.asked += 1
      return state.isAway ? Promise.reject(new StorageUnavailableError({ message: "away" })) : kept.changedSince(mark)
    },
  }
  const directory = createTenantDirectory({ store, configured: () => ({}) })
  await expect(directory.loaded()).rejects.toThrow(StorageUnavailableError)
  state.isAway = false
  state.asked = 0
  await Promise.all([directory.loaded(), directory.loaded(), directory.loaded()])
  expect(directory.isDisabled("acme")).toBe(true)
  state.isAway = true
  await directory.loaded()
  expect(state.asked).toBe(1)
})
