import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { configurationJsonSchema } from "@sluice/core"
import { parseConfiguration } from "@sluice/runtime"
import { expect, onTestFinished, test } from "vitest"
import { runFake } from "../../testing/run-fake.ts"

async function initWith(says: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "sluice-init-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const outcome = await runFake({ args: ["init", ...args], says, folder, environment })
  const written = await readFile(join(folder, "sluice.yaml"), "utf8").catch(() => null)
  const schema = await readFile(join(folder, "sluice.schema.json"), "utf8").then(JSON.parse, () => null)
  return { ...outcome, written, schema }
}

test.each([
  ["", "provider: openai"],
  ["2", "provider: anthropic"],
  ["azure-openai", "provider: azure-openai"],
  ["4", "baseUrl: http://127.0.0.1:11434/v1"],
])("asks for the provider, and takes %j", async (says, line) => {
  const { code, questions, notes, written, schema } = await initWith(says)
  expect(questions).toEqual(["Which provider is to be asked first? [1] "])
  expect(notes).toContain("  1  OpenAI\n  2  Anthropic")
  expect(written).toContain(`    ${line}\n`)
  expect(schema).toEqual(configurationJsonSchema())
  expect(code).toBe(0)
})

test("writes nothing for an answer that names none", async () => {
  expect(await initWith("9")).toMatchObject({ code: 2, written: null, notes: expect.stringContaining("Expected one of openai, anthropic") })
})

test.each([
  [{}, "https://api.openai.com/v1"],
  [{ OPENAI_BASE_URL: "http://127.0.0.1:11434/v1" }, "http://127.0.0.1:11434/v1"],
])("--from-openai takes what the OpenAI SDK finds in %j, and never the key itself", async (environment, baseUrl) => {
  const { code, written, questions } = await initWith("", ["--from-openai"], { OPENAI_API_KEY: "sk-secret", ...environment })
  expect([code, questions]).toEqual([0, []])
  const { endpoints, routes } = parseConfiguration({ text: written ?? "", fileName: "sluice.yaml" })
  expect(endpoints.main).toMatchObject({ provider: "openai", baseUrl, apiKey: "env:OPENAI_API_KEY" })
  expect(Object.keys(routes)).toEqual(["chat"])
  expect(written).not.toContain("sk-secret")
})

test.each([
  [{}, "OPENAI_API_KEY is not set"],
  [{ OPENAI_API_KEY: "sk", OPENAI_BASE_URL: "nowhere" }, 'OPENAI_BASE_URL is "nowhere"'],
])("--from-openai writes nothing when there is nothing to take: %j", async (environment, words) => {
  expect(await initWith("", ["--from-openai"], environment)).toMatchObject({
    code: 2,
    written: null,
    notes: expect.stringContaining(words),
  })
})
