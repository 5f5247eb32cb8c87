import { afterEach, expect, inject, test, vi } from "vitest"
import { freePort } from "../../packages/devstack/src/index.ts"
import { expressions, metricNames } from "../infra/manifests.ts"
import { createInstallation, type Installation } from "./installation.ts"

let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
  installation = undefined
})

async function scrape(port: number, path = "/metrics"): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  expect(response.status).toBe(200)
  return await response.text()
}

function sumOf(text: string, series: RegExp): number {
  return text
    .split("\n")
    .filter((line) => series.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0)
}

test("what jobs did can be scraped from the API and the worker", async () => {
  const redisUrl = inject("redisUrl")
  installation = await createInstallation({
    redisUrl,
    mongodbUrl: inject("mongodbUrl"),
    simulator: { latency: { baseMs: 5, jitterMs: 0 } },
  })
  const [apiPort, workerPort] = [await freePort(), await freePort()]
  await Promise.all([
    installation.startApi({ METRICS_PORT: String(apiPort) }),
    installation.startWorker({ METRICS_PORT: String(workerPort) }),
  ])
  const { submit, ended } = installation
  const jobs = await Promise.all(Array.from({ length: 10 }, (_, index) => submit(`Ticket ${index}`)))
  await Promise.all(jobs.map(({ id }) => ended(id)))

  await vi.waitFor(async () => {
    const worker = await scrape(workerPort)
    expect(sumOf(worker, /^sluice_jobs_ended_total\{.*status="succeeded",tier="primary"/)).toBe(10)
    expect(sumOf(worker, /^sluice_attempts_total\{endpoint="sim".*outcome="succeeded"/)).toBe(10)
    expect(sumOf(worker, /^gen_ai_client_operation_duration_seconds_count/)).toBe(10)
    // Chats are asked for as streams.
    expect(sumOf(worker, /^gen_ai_client_operation_time_to_first_chunk_seconds_count/)).toBe(10)
    expect(sumOf(worker, /^sluice_group_commit_items_sum\{.*lane="claims"/)).toBe(10)
    expect(sumOf(worker, /^nodejs_eventloop_lag_seconds/)).toBeGreaterThan(0)
  })
  const api = await scrape(apiPort)
  // Whatever alert rules, dashboards and scaling ask for must be there.
  const told = new Set(Array.from(`${api}\n${await scrape(workerPort)}`.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name))
  const asked = expressions().flatMap(({ where, expression }) => metricNames(expression).map((name) => ({ where, name })))
  expect(asked.length).toBeGreaterThan(50)
  expect(asked.filter(({ name }) => !told.has(name) && !told.has(name.replace(/_(?:bucket|sum|count)$/, "")))).toEqual([])
  expect(sumOf(api, /^sluice_jobs_submitted_total\{route="chat",outcome="accepted"/)).toBe(10)
  expect(sumOf(api, /^sluice_queue_jobs\{route="chat"/)).toBe(0)
  expect(sumOf(api, /^sluice_endpoint_breaker_state\{endpoint="sim",state="closed"/)).toBe(1)
  expect(sumOf(api, /^db_client_connection_count/)).toBeGreaterThan(0)
  expect(JSON.parse(await scrape(workerPort, "/health/ready"))).toMatchObject({
    ok: true,
    checks: { redis: { ok: true }, mongodb: { ok: true } },
  })
})
