import { type Job, nextDay, startOfGrain, toUsd } from "@sluice/core"
import { sampleJob } from "@sluice/core/testing"
import { expect, test, vi } from "vitest"
import { openWorkbench } from "./support/workbench.ts"

const usage = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10 }

/** Each call costs one cent. */
const script = () =>
  Promise.resolve({
    generated: { kind: "chat" as const, output: { text: "ok", json: null, toolCalls: [], finishReason: "stop" as const } },
    model: "m",
    usage,
    providerRequestId: null,
    httpStatus: 200,
    rateLimits: null,
  })

async function openBudgeted(budgetUsdPerDay: number) {
  const bench = await openWorkbench({ endpoint: { price: { perCallUsd: 0.01 } } })
  const tenantId = "acme"
  bench.tenantSettings[tenantId] = { budgetUsdPerDay }
  const jobs: Job[] = []
  return {
    ...bench,
    jobs,
    async submit(count: number) {
      const created = Array.from({ length: count }, () =>
        sampleJob({ tenantId, createdAt: new Date(), deadline: nextDay(nextDay(new Date())) }),
      )
      jobs.push(...created)
      await Promise.all(created.map((job) => bench.store.jobs.insert(job)))
      await bench.queue.enqueue(
        created.map(({ id, run, route, options }) => ({ id, run, route, tenantId, priority: options.priority, notBefore: null })),
      )
    },
    async found() {
      return await Promise.all(jobs.map(async ({ id }) => await bench.store.jobs.find({ tenantId, id })))
    },
    /** By the books, and in USD. */
    async spent() {
      await bench.sweepAs("leader")()
      const day = startOfGrain("day", new Date())
      const [total] = await bench.store.usageReports.sum({ filter: { tenantId, from: day, to: day }, by: [], limit: 1 })
      return { usd: toUsd(total?.figures.costPicoUsd ?? 0), calls: total?.figures.calls ?? 0 }
    },
  }
}

type Budgeted = Awaited<ReturnType<typeof openBudgeted>>

async function succeeded({ found }: Budgeted): Promise<number> {
  return (await found()).filter((job) => job?.status === "succeeded").length
}

/** Everything that can be called has been: the others wait for tomorrow. */
async function settled({ found, jobs }: Budgeted, calls: number) {
  const isForTomorrow = (job: Job | null) => job?.status === "queued" && job.waiting?.reason === "budget" && isTomorrow(job.waiting.until)
  await vi.waitFor(
    async () => {
      const now = await found()
      expect(now.filter((job) => job?.status === "succeeded")).toHaveLength(calls)
      expect(now.filter(isForTomorrow)).toHaveLength(jobs.length - calls)
    },
    { timeout: 45_000, interval: 500 },
  )
}

function isTomorrow(until: Date | null): boolean {
  return until !== null && until.getTime() - startOfGrain("day", until).getTime() < 1_000
}

test("200 first requests at once on three workers spend no more than the budget; the others wait for the next day, uncharged", async () => {
  const bench = await openBudgeted(0.255)
  await Promise.all(["w-1", "w-2", "w-3"].map((workerId) => bench.startWorker({ workerId, script })))
  await bench.submit(200)
  await settled(bench, 25)
  for (const job of await bench.found()) if (job?.status === "queued") expect(job).toMatchObject({ attempts: [], attemptCount: 0 })
  expect(await bench.spent()).toEqual({ usd: 0.25, calls: 25 })
})

test("jobs go on as soon as the budget is raised", async () => {
  const bench = await openBudgeted(0.02)
  await bench.startWorker({ workerId: "w-1", script })
  await bench.submit(5)
  await bench.sweepUntil(async () => (await succeeded(bench)) === 2)
  await vi.waitFor(
    async () => expect((await bench.found()).filter((job) => job?.status === "queued" && job.waiting?.reason === "budget")).toHaveLength(3),
    { timeout: 20_000 },
  )
  const sweep = bench.sweepAs("leader")
  await sweep()
  bench.tenantSettings.acme = { budgetUsdPerDay: 0.04 }
  await bench.sweepUntil(async () => (await succeeded(bench)) === 4, sweep)
  bench.tenantSettings.acme = {}
  await bench.sweepUntil(async () => (await succeeded(bench)) === 5, sweep)
  expect(await bench.spent()).toEqual({ usd: 0.05, calls: 5 })
})

test("after a loss of Redis no more is spent than the budget allows, by what MongoDB knows", async () => {
  const bench = await openBudgeted(0.105)
  await bench.startWorker({ workerId: "w-1", script })
  await bench.submit(6)
  await bench.sweepUntil(async () => (await succeeded(bench)) === 6)
  await bench.redis.producer.flushall()
  await bench.submit(10)
  await bench.sweepUntil(async () => (await succeeded(bench)) === 10)
  await bench.spent()
  await settled(bench, 10)
  expect(await bench.spent()).toEqual({ usd: 0.1, calls: 10 })
})
