import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { type Installation, startInstallation } from "./support/installation.ts"
import { startCommand } from "./support/run-command.ts"

let sluice: Installation

beforeAll(async () => {
  sluice = await startInstallation()
  await sluice.startWorker()
})
afterAll(() => sluice.close())

async function folderWith(lines: readonly string[]): Promise<{ folder: string; answers: () => Promise<Answer[]> }> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-batch-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, "in.jsonl"), `${lines.join("\n")}\n`)
  const answers = async () =>
    (await readFile(join(folder, "out.jsonl"), "utf8")).split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line)))
  return { folder, answers }
}

interface Answer {
  readonly customId: string
  readonly job: { readonly status: string; readonly output: { readonly text: string } } | null
  readonly errors?: readonly object[]
}

const item = (customId: string) =>
  JSON.stringify({ customId, job: { route: "chat", input: { messages: [{ role: "user", content: `Say ${customId}` }] } } })

test("a kill -9 in the middle, and a second run, answer every line once", async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `item-${index}`)
  const { folder, answers } = await folderWith(names.map(item))
  const args = ["batch", "in.jsonl", "-o", "out.jsonl"]
  const { child } = startCommand({ args, folder, environment: sluice.environment })
  const exit = once(child, "exit")
  // The answers begin to be there, or the lines to be sent: in either case something is half done.
  await expect
    .poll(async () => JSON.parse(await readFile(join(folder, "out.jsonl.batch"), "utf8").catch(() => "{}")).sentLines ?? 0, {
      timeout: 30_000,
      interval: 5,
    })
    .toBeGreaterThan(0)
  child.kill("SIGKILL")
  expect((await exit)[1]).toBe("SIGKILL")
  const { code, stderr } = await sluice.sluice(args, { folder })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const given = await answers()
  expect(given.map(({ customId }) => customId).sort()).toEqual(names.toSorted())
  for (const { customId, job } of given)
    expect(job).toMatchObject({ status: "succeeded", output: { text: expect.stringContaining(customId) } })
  const { json } = await sluice.sluice(["jobs", "--json", "--limit", "200"])
  expect(json().length).toBeLessThanOrEqual(200)
  const list = (await sluice.sluice(["batches", "--json"])).json()
  expect(list).toHaveLength(1)
  expect(list[0]).toMatchObject({ status: "completed", counts: { total: 1_000, succeeded: 1_000 } })
  // Once more: nothing is asked, nothing is written.
  expect(await sluice.sluice(args, { folder })).toMatchObject({ code: 0 })
  expect(await answers()).toHaveLength(1_000)
}, 120_000)

test("says so when the batch of an earlier run has been removed, and begins anew when told to", async () => {
  const { folder, answers } = await folderWith([item("a"), item("b")])
  const args = ["batch", "in.jsonl", "-o", "out.jsonl"]
  expect(await sluice.sluice(args, { folder })).toMatchObject({ code: 0 })
  const path = join(folder, "out.jsonl.batch")
  const state = JSON.parse(await readFile(path, "utf8"))
  expect(state.batchId).toMatch(/^batch_/)
  const removed = `batch_${"0".repeat(32)}`
  await writeFile(path, JSON.stringify({ ...state, batchId: removed }))
  const { code, stderr } = await sluice.sluice(args, { folder })
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("--restart") })
  expect(stderr).toContain(removed)
  expect(await answers()).toHaveLength(2)
  expect(await sluice.sluice([...args, "--restart"], { folder })).toMatchObject({ code: 0 })
  expect(await answers()).toHaveLength(2)
  expect(JSON.parse(await readFile(path, "utf8")).batchId).not.toBe(state.batchId)
})

test("takes plain prompts for a route, and answers lines that are wrong with what is wrong", async () => {
  const { folder, answers } = await folderWith([
    "Say hello",
    '{"messages":[{"role":"user","content":"Say ok"}]}',
    "",
    '{"customId":"bad","job":{"input":7}}',
  ])
  const { code, stderr } = await sluice.sluice(["batch", "in.jsonl", "-o", "out.jsonl", "--route", "chat"], { folder })
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("1 lines were not taken") })
  const given = new Map((await answers()).map((answer) => [answer.customId, answer]))
  expect([...given.keys()].sort()).toEqual(["bad", "line-1", "line-2"])
  expect(given.get("line-1")?.job?.output.text).toContain("Say hello")
  expect(given.get("bad")).toMatchObject({ job: null, line: 4, errors: [{ pointer: "#/job/input" }] })
  const other = await sluice.sluice(["batch", "in.jsonl", "-o", "out.jsonl", "--route", "chat", "--priority", "standard"], { folder })
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("--restart") })
}, 60_000)
