import { createLogger } from "@sluice/runtime"
import { expect, test } from "vitest"
import { logAdmission } from "./log-admission.ts"

function logged(event: Parameters<ReturnType<typeof logAdmission>>[0]): Record<string, unknown> {
  const lines: string[] = []
  const logger = createLogger({ level: "info", name: "worker", destination: { write: (line: string) => void lines.push(line) } })
  logAdmission(logger)(event)
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? "")
}

test.each([
  ["credential", "a provider's key was rejected: check it. It is tried again from time to time."],
  ["quota", "a provider's key has no quota left: raise it. It is tried again from time to time."],
] as const)("a %s that puts endpoints out of use is an alert", (reason, msg) => {
  const credential = "openai https://api.example/v1 env:KEY"
  const line = logged({ kind: "credential_disabled", credential, reason, retryInMs: 30_000 })
  expect(line).toMatchObject({ level: "error", alert: true, reason, endpointGroup: credential, retryInMs: 30_000, msg })
})

test("a tenant's own key that is rejected is the tenant's to see to, no alert", () => {
  const credential = "openai https://api.example/v1 tenant:acme:openai:r1"
  const line = logged({ kind: "credential_disabled", credential, reason: "credential", retryInMs: 30_000 })
  expect(line).toMatchObject({ level: "warn", endpointGroup: credential })
  expect(line).not.toHaveProperty("alert")
})

test("a breaker's change says who and whither", () => {
  const line = logged({ kind: "breaker_changed", endpoint: "eu", from: "closed", to: "open", by: "admin", openMs: null })
  expect(line).toMatchObject({ endpoint: "eu", from: "closed", to: "open", by: "admin", msg: "the breaker of eu went from closed to open" })
})
