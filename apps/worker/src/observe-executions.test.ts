import { createLogger } from "@sluice/runtime"
import { expect, test } from "vitest"
import { observeExecutions } from "./observe-executions.ts"

const logger = createLogger({ level: "silent", name: "worker" })
const announcer = { jobStarted() {}, jobEnded() {} }

function observed() {
  const closed: object[] = []
  const valve = { close: (request: object) => Promise.resolve(closed.push(request)).then(() => ({ closedForMs: 1 })) }
  return { observer: observeExecutions({ logger, valve, announcer }), closed }
}

test("a route of which nothing can run is not fetched from, though never for long at once", () => {
  const { observer, closed } = observed()
  observer.routeBlocked({ route: "chat", forMs: 60_000 })
  expect(closed).toEqual([{ route: "chat", forMs: 5_000, extend: true }])
})

test("a valve that cannot be closed harms nothing", async () => {
  const observer = observeExecutions({ logger, announcer, valve: { close: () => Promise.reject(new Error("Redis is away")) } })
  observer.routeBlocked({ route: "chat", forMs: 800 })
  await new Promise(setImmediate)
})
