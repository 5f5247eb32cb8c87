import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { configurationJsonSchema } from "@sluice/core"
import { expect, onTestFinished, test } from "vitest"
import { runFake } from "../../testing/run-fake.ts"

async function initWith(says: string) {
  const folder = await mkdtemp(join(tmpdir(), "sluice-init-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const outcome = await runFake({ args: ["init"], says, folder, environment: {} })
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
