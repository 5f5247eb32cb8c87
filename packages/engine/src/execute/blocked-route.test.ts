import type { AdmitOutcome } from "@sluice/core"
import { expect, test } from "vitest"
import { always, createHarness } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"

type Refused = Extract<AdmitOutcome, { kind: "refused" }>

async function blockedBy(refusal: Pick<Refused, "reason" | "unavailableSinceMs">) {
  const blocked: object[] = []
  const admission = openAdmission({ answer: () => ({ kind: "refused", endpoint: "a", retryInMs: 7_000, ...refusal }) })
  const observer = { routeBlocked: (event: object) => void blocked.push(event) }
  const { executeOnce } = await createHarness({ script: always({ text: "never" }), admission, observer })
  await executeOnce()
  return blocked
}

test.each(["breaker_open", "credential", "quota"] as const)("%s of every endpoint stops the fetching of the route", async (reason) => {
  expect(await blockedBy({ reason, unavailableSinceMs: 0 })).toEqual([{ route: "chat", forMs: 7_000 }])
})

test("a paused route is not fetched from", async () => {
  expect(await blockedBy({ reason: "route_paused", unavailableSinceMs: null })).toEqual([{ route: "chat", forMs: 7_000 }])
})

test.each(["rate_limited", "concurrency"] as const)("%s does not: jobs come due one by one, each at its own time", async (reason) => {
  expect(await blockedBy({ reason, unavailableSinceMs: null })).toEqual([])
})
