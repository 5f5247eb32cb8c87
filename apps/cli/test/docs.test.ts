import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { createWebhookSecret, signWebhook } from "@sluice/core"
import { describe, expect, onTestFinished, test } from "vitest"
import { exitCodes } from "../src/exit-codes.ts"
import { runFake } from "../src/testing/run-fake.ts"
import { startInstallation } from "./support/installation.ts"

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url))
const app = fileURLToPath(new URL("..", import.meta.url))

async function blocksOf(file: string, language: string): Promise<string[]> {
  const markdown = await readFile(join(docs, file), "utf8")
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, code = ""]) => code)
}

/** Runs TypeScript where `@sluice/client` can be imported. */
async function runExample(code: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", code], { cwd: app, env: environment })
  const [[status], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)])
  return { status, stdout, stderr }
}

describe("docs/client.md", () => {
  test("runs, submits, waits, lists and streams, as it stands there", async () => {
    const installation = await startInstallation()
    onTestFinished(() => installation.close())
    await installation.startWorker()
    const [run = "", example = "", streaming = "", , batches = ""] = await blocksOf("client.md", "ts")
    const ran = await runExample(run, installation.environment)
    expect(ran.stdout, ran.stderr).toMatch(/^Echo: Say hello\ngpt-4o-mini \S+\n$/)
    const { status, stdout, stderr } = await runExample(example, installation.environment)
    expect(stdout, stderr).toMatch(/^succeeded .*text: 'Echo: Say hello'.* sim-eu\njob_[0-9a-f]{32} succeeded\n$/s)
    expect(status).toBe(0)
    const streamed = await runExample(streaming, installation.environment)
    expect(streamed.stdout, streamed.stderr).toMatch(/^Echo: Say hello [\d.e-]+\n$/)
    const ofBatch = await runExample(batches, installation.environment)
    expect(ofBatch.stdout.split("\n").toSorted(), ofBatch.stderr).toEqual(["", "line-1 succeeded", "line-2 succeeded"])
  })

  test("verifies a webhook, as it stands there", async () => {
    const [, , , example = ""] = await blocksOf("client.md", "ts")
    const secret = createWebhookSecret()
    const body = JSON.stringify({ id: "evt_1", type: "job.failed", timestamp: "", apiVersion: "1", data: { id: "job_1" } })
    const headers = await signWebhook({ id: "evt_1", timestamp: new Date(), body, secrets: [secret] })
    const use = `
      for (const secret of [${JSON.stringify(secret)}, ${JSON.stringify(createWebhookSecret())}]) {
        const request = new Request("http://a.example", { method: "POST", headers: ${JSON.stringify(headers)}, body: ${JSON.stringify(body)} })
        console.log((await handleWebhook(request, secret)).status)
      }`
    const { stdout } = await runExample(example + use, {})
    expect(stdout).toBe("evt_1 job.failed { id: 'job_1' }\n204\n400\n")
  })
})

describe("docs/cli.md", async () => {
  const lines = (await blocksOf("cli.md", "sh")).join("\n").split("\n")
  const commands = lines.flatMap((line) => /(?:^|\| )sluice (.*?)(?: < \S+)?(?: +#.*)?$/.exec(line)?.[1] ?? [])

  test("has commands", () => expect(commands.length).toBeGreaterThan(30))

  test.each(commands)("sluice %s is a command that there is", async (command) => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-cli-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, "question.txt"), "Why?")
    await writeFile(join(folder, "input.json"), "{}")
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "")
    // Interrupted from the start, so that each is parsed and begun, and goes no further.
    const { code, notes } = await runFake({ args, folder, input: "piped in", signal: AbortSignal.abort() })
    expect(code, notes).not.toBe(exitCodes.usage)
  })
})
