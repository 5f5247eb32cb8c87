import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startSimulator } from "@sluice/simulator"
import { describe, expect, onTestFinished, test } from "vitest"
import { runCommand } from "./support/run-command.ts"

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-cli-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe("init", () => {
  test("writes a configuration that check finds in order, and never over one that exists", async () => {
    const folder = await newFolder()
    expect(await runCommand({ args: ["init", "--provider", "openai"], folder })).toMatchObject({ code: 0 })
    const written = await readFile(join(folder, "sluice.yaml"), "utf8")
    expect(await runCommand({ args: ["check"], folder, environment: { OPENAI_API_KEY: "sk-1" } })).toMatchObject({ code: 0 })
    const again = await runCommand({ args: ["init", "--provider", "anthropic"], folder })
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("exists already") })
    expect(await readFile(join(folder, "sluice.yaml"), "utf8")).toBe(written)
  })

  test("asks nobody when nobody is there", async () => {
    const folder = await newFolder()
    expect(await runCommand({ args: ["init"], folder })).toMatchObject({ code: 2, stderr: expect.stringContaining("--provider openai|") })
  })
})

describe("check", () => {
  const lines = (baseUrl: string) => [
    "endpoints:",
    `  sim: { provider: openai, baseUrl: "${baseUrl}/v1", model: gpt-4o-mini, apiKey: env:SIM_KEY }`,
    "  away: { provider: openai, baseUrl: http://127.0.0.1:9/v1, model: m }",
    "routes:",
    "  chat: { tiers: [{ name: primary, endpoints: [sim, away] }] }",
  ]

  test("names file, line and column of what is wrong", async () => {
    const folder = await newFolder()
    const text = lines("http://127.0.0.1:9").join("\n").replace("endpoints: [sim,", "endpoints: [smi,")
    await writeFile(join(folder, "sluice.yaml"), text)
    const { code, stderr } = await runCommand({ args: ["check"], folder })
    expect(stderr).toMatch(/sluice\.yaml:5:\d+ routes\.chat\.tiers\[0\]\.endpoints\[0\]: There is no endpoint "smi"/)
    expect(code).toBe(1)
    const { json } = await runCommand({ args: ["check", "--json"], folder })
    expect(json()).toMatchObject([{ line: 5, path: "routes.chat.tiers[0].endpoints[0]" }])
  })

  test("says which credential is missing, and never shows one", async () => {
    const folder = await newFolder()
    await writeFile(join(folder, "sluice.yaml"), lines("http://127.0.0.1:9").join("\n"))
    const missing = await runCommand({ args: ["check"], folder })
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining("The environment variable SIM_KEY is not set") })
    const there = await runCommand({ args: ["check"], folder, environment: { SIM_KEY: "sk-very-secret" } })
    expect(there).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sim .*env:SIM_KEY is there$/m) })
    expect(there.stdout + there.stderr).not.toContain("very-secret")
  })

  test("--call asks each endpoint once, and says which answers", async () => {
    const simulator = await startSimulator({ latency: { baseMs: 1, jitterMs: 0 } })
    onTestFinished(() => simulator.stop())
    const folder = await newFolder()
    await writeFile(join(folder, "sluice.yaml"), lines(simulator.url).join("\n"))
    const { code, stdout } = await runCommand({ args: ["check", "--call"], folder, environment: { SIM_KEY: "sim" } })
    expect(stdout).toMatch(/^sim .* answers as gpt-4o-mini/m)
    expect(stdout).toMatch(/^away .* network: /m)
    expect(code).toBe(1)
    expect(simulator.counters().received).toBe(1)
  })
})
