import { setTimeout as wait } from "node:timers/promises"
import { expect, inject, onTestFinished, test } from "vitest"
import { type AppProcess, freePort } from "../../../packages/devstack/src/index.ts"
import { mapConcurrently } from "../../lib/map-concurrently.ts"
import { createInstallation, type Installation } from "../installation.ts"
import { startBalancer } from "./balancer.ts"

const requestsPerSecond = 200
/** As many as a pool of callers would have under way: on a machine that stalls, the rest waits its turn instead of piling up. */
const mostUnderWay = 400
/** What a balancer needs to learn that a process is about to end: `preStop` in the manifests of Kubernetes. */
const leaveMs = 500

interface Answer {
  readonly what: string
  readonly status: number
  readonly text: string
}

/** Sends requests at a fixed rate, whether or not earlier ones have been answered, until it is told to stop; but for the bound on those under way. */
function startLoad({ request }: Installation, firstId: string) {
  const answers: Promise<Answer>[] = []
  let underWay = 0
  const submitted = [firstId]
  const call = async (what: string, path: string, init?: RequestInit): Promise<Answer> => {
    try {
      const response = await request(path, init)
      return { what, status: response.status, text: await response.text() }
    } catch (error) {
      return { what, status: 0, text: String(error instanceof Error ? (error.cause ?? error) : error) }
    }
  }
  const submit = async (number: number) => {
    const body = JSON.stringify({ route: "chat", input: { messages: [{ role: "user", content: `Ticket ${number}` }] } })
    const answer = await call("submit", "/v1/jobs", { method: "POST", body, headers: { "content-type": "application/json" } })
    if (answer.status === 202) submitted.push(JSON.parse(answer.text).id)
    return answer
  }
  const kinds = [
    submit,
    submit,
    () => call("read", `/v1/jobs/${submitted.at(-1)}`),
    () => call("list", "/v1/jobs?limit=5"),
    () => call("wait", `/v1/jobs/${submitted.at(-1)}?wait=2`),
  ]
  const startedAt = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * requestsPerSecond
    while (answers.length < due && underWay < mostUnderWay) {
      underWay += 1
      const answer = (kinds[answers.length % kinds.length] ?? submit)(answers.length)
      answers.push(answer.finally(() => (underWay -= 1)))
    }
  }, 5)
  const stop = async () => {
    clearInterval(timer)
    return { answers: await Promise.all(answers), submitted }
  }
  return { stop }
}

test(`every process is restarted in turn while ${requestsPerSecond} requests/s arrive: none fails, and no job is lost`, async () => {
  const installation = await createInstallation({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl") })
  onTestFinished(() => installation.close())
  const balancer = await startBalancer({ port: Number(new URL(installation.api.url).port) })
  onTestFinished(() => balancer.close())
  installation.simulator.configure({ latency: { baseMs: 100, jitterMs: 300 } })
  const startApi = async () => {
    const port = await freePort()
    const api = await installation.startApi({ PORT: String(port) })
    balancer.add(port)
    return { api, port }
  }
  const exit = async (child: AppProcess) => {
    await child.stop()
    expect(await child.ended).toEqual({ code: 0, signal: null })
  }
  const apis = [await startApi(), await startApi()]
  const workers = await Promise.all([installation.startWorker(), installation.startWorker()])
  const first = await installation.submit("The first")
  await installation.ended(first.id)

  const load = startLoad(installation, first.id)
  for (const { api, port } of apis) {
    await startApi()
    balancer.remove(port)
    await wait(leaveMs)
    await exit(api)
  }
  for (const worker of workers) {
    await installation.startWorker()
    await exit(worker)
  }
  const { answers, submitted } = await load.stop()

  expect(answers.filter(({ status }) => status < 200 || status > 299)).toEqual([])
  expect(answers.length).toBeGreaterThan(requestsPerSecond * 4)
  const ends = await mapConcurrently(submitted, 20, (id) => installation.ended(id))
  expect(ends.filter(({ status }) => status !== "succeeded")).toEqual([])
  expect(ends.every(({ attemptCount }) => attemptCount === 1)).toBe(true)
}, 180_000)
