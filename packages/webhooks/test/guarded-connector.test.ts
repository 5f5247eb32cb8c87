import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { webhookPolicy } from "../src/guard/webhook-policy.ts"
import { createGuardedConnector } from "../src/sender/guarded-connector.ts"
import { type ConnectionWatch, watchConnections } from "./support/watch-connections.ts"

let watch: ConnectionWatch
beforeEach(() => {
  watch = watchConnections()
})
afterEach(() => watch.stop())

test.each([
  ["https:", "127.0.0.1"],
  ["https:", "::1"],
  ["https:", "::ffff:127.0.0.1"],
  ["https:", "169.254.169.254"],
  ["http:", "127.0.0.1"],
  ["http:", "8.8.8.8"],
])("the connector refuses %s to the literal address %s by itself, for which no name is looked up", async (protocol, hostname) => {
  const resolver = { resolve4: vi.fn(), resolve6: vi.fn() }
  const connect = createGuardedConnector({ policy: () => webhookPolicy({}), resolver, timeoutMs: 1_000 })
  const error = await new Promise((resolve) => connect({ protocol, hostname, port: "8443" }, (...[failure]) => resolve(failure)))
  expect(error).toMatchObject({ name: "AddressRefusedError" })
  expect([watch.attempts, resolver.resolve4.mock.calls]).toEqual([[], []])
})
