import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { findPromtool, runCommand } from "../../packages/devstack/src/index.ts"

const folderOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

test("Prometheus takes the rules, and they fire and recover as their own tests say", async () => {
  const promtool = await findPromtool({ dataFolder: folderOf(".data"), report: console.error, run: runCommand })
  const run = (...args: string[]) => spawnSync(promtool, args, { cwd: folderOf("infra/prometheus"), encoding: "utf8" })
  const checked = run("check", "rules", "alerts.yaml")
  expect(`${checked.stdout}${checked.stderr}`).toMatch(/SUCCESS: \d+ rules found/)
  const tested = run("test", "rules", "alerts.test.yaml")
  expect(`${tested.stdout}${tested.stderr}`).toMatch(/SUCCESS/)
  expect([checked.status, tested.status]).toEqual([0, 0])
}, 360_000)
