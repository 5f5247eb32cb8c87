import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, inject, test } from "vitest"
import { withDatabase } from "../../packages/devstack/src/index.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

test("npm start -- --once shows fifty jobs that all succeeded, and loses none", async () => {
  const name = `start${process.pid}${Date.now().toString(36)}`
  const environment = { REDIS_URL: inject("redisUrl"), MONGODB_URL: withDatabase(inject("mongodbUrl"), name), SLUICE_NAMESPACE: name }
  const child = spawn("npm", ["start", "--", "--once"], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let shown = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (shown += chunk.toString()))
  const [code] = await once(child, "close")
  const rows = shown.match(/^job_[0-9a-f]{32} +succeeded +primary +sim-(?:eu|us) .*$/gm) ?? []
  expect(rows.length, shown).toBe(50)
  expect(shown.trimEnd().split("\n").at(-1)).toMatch(/^50 jobs: 50 succeeded; .*lost 0$/)
  expect(code).toBe(0)
}, 180_000)
