import { randomUUID } from "node:crypto"
import { type APIError, RateLimitError } from "openai"
import { expect, test } from "vitest"
import { z } from "zod"
import { errorOf, useInstallation } from "./support/use-installation.ts"

const { installation } = await useInstallation()

const jobWithId = z.looseObject({ id: z.string() })
const request = { model: "chat", messages: [{ role: "user" as const, content: "Say ok" }], max_tokens: 100 }

/** The official client of a new tenant, for which the settings hold. */
async function tenantWith(settings: object) {
  const id = `t-${randomUUID()}`
  const made = await installation.call("POST", "/v1/tenants", { id, settings })
  expect(made.status).toBe(201)
  const headers = { "x-sluice-tenant": id }
  return {
    client: installation.client({ defaultHeaders: headers }),
    patient: installation.client({ defaultHeaders: headers, maxRetries: 5 }),
    /** A call of `/v1` for that tenant. */
    call: (path: string, body: object) => installation.call("POST", path, body, headers),
  }
}

/** What a refusal says, asked for until there is one: limits are known to a process within seconds. */
async function refusalOf(ask: () => Promise<unknown>): Promise<APIError> {
  for (;;) {
    const error = await errorOf(ask())
    if (error instanceof RateLimitError) return error
    if (error !== null) throw error
  }
}

test("a tenant that asks too often gets a RateLimitError that says when to come back", async () => {
  const { client } = await tenantWith({ requestsPerMinute: 3 })
  const refused = await refusalOf(() => client.models.list())
  expect(refused).toMatchObject({ status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" })
  const seconds = Number(refused.headers?.get("retry-after"))
  expect(seconds).toBeGreaterThanOrEqual(1)
  // The last moment of the minute counts, and seconds are rounded up.
  expect(seconds).toBeLessThanOrEqual(61)
  expect(refused.headers?.get("x-should-retry")).toBeNull()
})

test("a tenant without a place in line gets one too, and a client that tries again by itself gets through when there is a place", async () => {
  const { client, patient, call } = await tenantWith({ maxQueuedJobs: 1 })
  const runAt = new Date(Date.now() + 3_600_000).toISOString()
  const filler = await call("/v1/jobs", { route: "chat", input: { messages: request.messages }, options: { runAt } })
  const { id } = jobWithId.parse(filler.json)
  const refused = await refusalOf(() => client.chat.completions.create(request))
  expect(refused).toMatchObject({ status: 429, type: "rate_limit_error", code: "queue_full" })
  expect(refused.headers?.get("retry-after")).toBe("2")
  const completion = patient.chat.completions.create(request)
  expect((await call(`/v1/jobs/${id}/cancel`, {})).status).toBe(200)
  expect((await completion).choices[0]?.message.content).toMatch(/./)
})

test("a tenant whose budget is used up gets what OpenAI says of an account without money, and no client tries again", async () => {
  const { patient } = await tenantWith({ budgetUsdPerDay: 0.000001 })
  const before = installation.simulator.requests().length
  const refused = await refusalOf(() => patient.chat.completions.create(request))
  expect(refused).toMatchObject({ status: 429, type: "insufficient_quota", code: "insufficient_quota" })
  expect(Number(refused.headers?.get("retry-after"))).toBeGreaterThan(0)
  expect(refused.headers?.get("x-should-retry")).toBe("false")
  expect(installation.simulator.requests()).toHaveLength(before)
})
