import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, expect, test } from "vitest"
import { createLogger, createReleasers, type Releasers } from "../../packages/runtime/src/index.ts"
import { explainPaidTwice } from "../chaos/paid-twice.ts"
import { runChaos } from "../chaos/run-chaos.ts"
import { describeRun } from "../chaos/summarise.ts"
import { isClean, verify } from "../chaos/verify.ts"

const dataFolder = fileURLToPath(new URL("../../.data", import.meta.url))
const folder = join(dataFolder, "chaos", `test-${process.pid}`)
let releasers: Releasers | undefined
afterEach(() => releasers?.release())

test("while processes are killed, Redis loses its memory, MongoDB restarts and connections break, no job is lost or doubled", async () => {
  mkdirSync(folder, { recursive: true })
  releasers = createReleasers({ logger: createLogger({ level: "error", name: "chaos" }), timeoutMs: 30_000 })
  const told: string[] = []
  const evidence = await runChaos({
    ...{ jobs: 600, seed: 1, overMs: 35_000, apis: 2, workers: 2, freezeMs: 3_000, settleMs: 90_000 },
    faults: ["kill-worker", "kill-api", "flush-redis", "restart-mongodb", "cut-connections"],
    ...{ folder, releasers, report: (line) => told.push(line), signal: new AbortController().signal },
    documentdbImage: join(dataFolder, "documentdb"),
    mayInstall: () => true,
  })
  const verdict = verify(evidence)
  const paidTwice = explainPaidTwice(evidence)
  const story = [...told, ...describeRun(evidence, verdict, paidTwice), `The logs are in ${folder}/logs.`].join("\n")
  expect(new Set(evidence.strikes.map(({ fault }) => fault)).size, story).toBe(5)
  expect(evidence.submissions, story).toHaveLength(600)
  expect(isClean(verdict), story).toBe(true)
  expect(paidTwice.unexplained, story).toEqual([])
  await releasers.release()
  rmSync(folder, { recursive: true })
}, 240_000)
