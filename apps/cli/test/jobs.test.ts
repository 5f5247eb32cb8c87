import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { jobResource } from "@sluice/core"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { type Installation, startInstallation } from "./support/installation.ts"

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
  await installation.startWorker()
})
afterAll(() => installation.close())

const sluice: Installation["sluice"] = (...request) => installation.sluice(...request)
const jobId = /job_[0-9a-f]{32}/

describe("submit", () => {
  test("prints the id, which watch follows to the answer", async () => {
    const submitted = await sluice(["submit", "chat", "--prompt", "Hello sluice"])
    expect(submitted).toMatchObject({ code: 0, stdout: expect.stringMatching(/^job_[0-9a-f]{32}\n$/) })
    const watched = await sluice(["watch", submitted.stdout.trim()])
    expect(watched).toMatchObject({ code: 0, stdout: "Echo: Hello sluice\n" })
    expect(watched.stderr).toMatch(/served by +sim-eu, gpt-4o-mini/)
    expect(watched.stderr).toMatch(/^ +1 +primary +sim-eu +gpt-4o-mini +succeeded/m)
  })

  test("--wait prints the answer alone on standard output; the prompt may be piped in, or be a file", async () => {
    expect(await sluice(["submit", "chat", "--wait"], { input: "From a pipe" })).toMatchObject({ code: 0, stdout: "Echo: From a pipe\n" })
    const folder = await mkdtemp(join(tmpdir(), "sluice-cli-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, "prompt.txt"), "From a file")
    const fromFile = await sluice(["submit", "chat", "--wait", "--file", "prompt.txt"], { folder })
    expect(fromFile).toMatchObject({ code: 0, stdout: "Echo: From a file\n" })
  })

  test("--json prints the job as the API answered it", async () => {
    const { code, json } = await sluice(["submit", "chat", "-p", "Hi", "--wait", "--json"])
    const [job, ...more] = json()
    expect(more).toEqual([])
    expect(jobResource.parse(job)).toMatchObject({ status: "succeeded", output: { text: "Echo: Hi" } })
    expect(code).toBe(0)
  })

  test("makes the input by the kind of the route", async () => {
    const { json } = await sluice(["submit", "embed", "-p", "some words", "--wait", "--json"])
    expect(json()[0]).toMatchObject({ kind: "embedding", output: { dimensions: expect.any(Number) } })
  })

  test("carries options, metadata and an idempotency key", async () => {
    const args = ["submit", "chat", "-p", "Later", "--run-at", "2036-01-01T00:00:00Z", "--expires-in", "10d", "--metadata", "order=81"]
    const refused = await sluice(args)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("#/options/") })
    const again = ["submit", "chat", "-p", "Once", "--metadata", "order=82", "--idempotency-key", "order-82", "--json"]
    const [first, second] = [await sluice(again), await sluice(again)]
    expect(first.json()[0].id).toBe(second.json()[0].id)
    expect(first.json()[0].metadata).toEqual({ order: "82" })
  })

  test("a job that fails: says why, and exits with 1", async () => {
    const done = await sluice(["submit", "chat", "-p", "x", "--wait", "--expires-in", "1ms"])
    expect(done).toMatchObject({ code: 1, stdout: "" })
    expect(done.stderr).toMatch(/expired/)
    expect(done.stderr).toMatch(/error +deadline_exceeded: /)
  })
})

test("jobs lists the newest first, as a table and as a line of JSON each", async () => {
  const { stdout } = await sluice(["submit", "chat", "-p", "Listed", "--wait", "--metadata", "list=1", "--json"])
  const { id } = JSON.parse(stdout)
  const filter = ["jobs", "--metadata", "list=1", "--status", "succeeded,failed", "--after", "1h"]
  const shown = await sluice(filter)
  const [heading, row, ...more] = shown.stdout.trimEnd().split("\n")
  expect(heading).toMatch(/^JOB +STATUS +ROUTE +CREATED +TOOK +CALLS +WHAT$/)
  expect(row).toMatch(new RegExp(`^${id} +succeeded +chat +(now|\\d+ s ago) +.* 1 +sim-eu, gpt-4o-mini$`))
  expect(more).toEqual([])
  const listed = await sluice([...filter, "--json"])
  expect(listed.json().map((job) => jobResource.parse(job).id)).toEqual([id])
})

test("cancel ends a job that waits, and says when there was nothing to end", async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
  const waiting = (await sluice(["submit", "chat", "-p", "Never", "--run-at", inAnHour])).stdout.trim()
  expect(await sluice(["cancel", waiting])).toMatchObject({ code: 0, stdout: `${waiting} is cancelled\n` })
  expect(await sluice(["watch", waiting])).toMatchObject({ code: 1, stderr: expect.stringContaining("cancelled") })
  const ended = await sluice(["submit", "chat", "-p", "Done", "--wait", "--json"])
  const { id } = JSON.parse(ended.stdout)
  expect(await sluice(["cancel", id])).toMatchObject({ code: 1, stdout: `${id} had ended before: succeeded\n` })
})

test("jobs --limit stops there, and says that there are more", async () => {
  await Promise.all(["a", "b", "c"].map((prompt) => sluice(["submit", "chat", "-p", prompt, "--metadata", "many=1"])))
  const { stdout, stderr } = await sluice(["jobs", "--metadata", "many=1", "--limit", "2"])
  expect(stdout.match(new RegExp(jobId, "g"))?.length).toBe(2)
  expect(stderr).toContain("the first 2")
})

describe("what goes wrong is said in words", () => {
  test("an unknown route, with the routes that there are", async () => {
    const { code, stderr } = await sluice(["submit", "chta", "-p", "x"])
    expect(stderr).toMatch(/^There is no such route\nDid you mean "chat"\? There are the routes chat, embed\.\n/)
    expect(code).toBe(1)
  })

  test("a wrong field, with its pointer", async () => {
    const { code, stderr } = await sluice(["submit", "chat", "--input", "-"], { input: '{"messages":[{"role":"bot","content":"x"}]}' })
    expect(stderr).toMatch(/^ {2}#\/input\/messages\/0\/role {2}Expected /m)
    expect(code).toBe(1)
  })

  test("a key that is not known, with how to give another", async () => {
    const { code, stderr } = await sluice(["jobs"], { environment: { SLUICE_API_KEY: "sk_wrong" } })
    expect(stderr).toContain("Set SLUICE_API_KEY (or SLUICE_ADMIN_KEY), or give --key.")
    expect(code).toBe(1)
  })

  test("a server that is not there", async () => {
    const { code, stderr } = await sluice(["jobs", "--url", "http://127.0.0.1:9"])
    expect(stderr).toBe("Nothing answers at http://127.0.0.1:9: is `npm run api` running? Set SLUICE_URL or --url.\n")
    expect(code).toBe(3)
  })

  test("another program at the address", async () => {
    const { code, stderr } = await sluice(["jobs", "--url", installation.simulator.url])
    expect(stderr).toMatch(/not as Sluice answers/)
    expect(code).toBe(3)
  })

  test("no prompt at all", async () => {
    expect(await sluice(["submit", "chat"])).toMatchObject({ code: 2, stderr: expect.stringContaining("Give --prompt TEXT") })
  })
})
