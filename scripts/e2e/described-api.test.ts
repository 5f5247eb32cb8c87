import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { createLogger, createReleasers } from "../../packages/runtime/src/index.ts"
import { createCaller } from "../fuzz/caller.ts"
import { exampleRequest } from "../fuzz/example-request.ts"
import { createJudge } from "../fuzz/judge.ts"
import { operationsOf, readDocument } from "../fuzz/openapi.ts"
import { runFuzz } from "../fuzz/run-fuzz.ts"
import { createSender } from "../fuzz/send.ts"
import { startTarget, type Target } from "../fuzz/start-target.ts"
import { summarise } from "../fuzz/summarise.ts"

const folder = mkdtempSync(join(tmpdir(), "sluice-fuzz-"))
const releasers = createReleasers({ logger: createLogger({ level: "error", name: "fuzz" }), timeoutMs: 30_000 })
let target: Target
beforeAll(async () => {
  target = await startTarget({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl"), folder, releasers })
}, 180_000)
afterAll(async () => {
  await releasers.release()
  rmSync(folder, { recursive: true })
})

/** What a call needs has to be there before, and is gone after. */
const order = ["POST", "PUT", "PATCH", "GET", "DELETE"]
/** Those for what only a worker makes, or what is not in the right state here; this process has no folder for profiles. */
const withoutAnswer = [
  "getJobImage",
  "getJobOutput",
  "getDeadLetter",
  "getReplay",
  "cancelReplay",
  "getRecovery",
  "deleteJob",
  "muteAlert",
  "testAlertChannel",
  "createProfile",
]

test("every call is answered as the API's own description says", async () => {
  const document = await readDocument(target.url)
  const operations = operationsOf(document)
  const judge = createJudge(document, operations)
  const sender = createSender({ url: target.url, concurrency: 1, timeoutMs: 20_000 })
  const call = createCaller({ ...target, names: { ...target.names, routes: ["chat"] }, tenants: ["described"], sender })
  const faults: string[] = []
  const refused: string[] = []
  for (const operation of operations.toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method))) {
    const request = exampleRequest(operation)
    const answer = await call(request)
    const fault = judge(request, answer)
    if (fault !== null) faults.push(`${operation.id}: ${fault}`)
    if (answer.status >= 300) refused.push(`${operation.id}: ${answer.status} ${answer.body}`)
  }
  sender.close()
  expect(faults).toEqual([])
  expect(refused.filter((line) => !withoutAnswer.some((id) => line.startsWith(id)))).toEqual([])
}, 180_000)

test("no request that it could be sent makes the API fail, hang, or answer otherwise than described", async () => {
  const signal = new AbortController().signal
  const result = await runFuzz({ ...target, requests: 4_000, seed: 1, concurrency: 16, report: () => undefined, signal })
  expect(result.failures, summarise(result)).toEqual([])
  expect([...result.answeredWell.values()].filter((count) => count > 0).length, summarise(result)).toBeGreaterThan(30)
}, 600_000)
