import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { publint } from "publint"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { createInstallation, type Installation } from "../installation.ts"
import { type FreshFolder, freshFolder, type Packed, pack } from "./pack.ts"
import { run } from "./run.ts"

let destination: string
let packed: Packed
let folder: FreshFolder
let installation: Installation

beforeAll(async () => {
  destination = mkdtempSync(join(tmpdir(), "sluice-packed-"))
  packed = await pack("apps/cli", destination)
  folder = await freshFolder(packed.tarball)
  installation = await createInstallation({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl") })
  await Promise.all([installation.startApi(), installation.startWorker()])
}, 240_000)

afterAll(async () => {
  await installation?.close()
  folder?.remove()
  rmSync(destination, { recursive: true, force: true })
})

/** As a user runs it, in the folder in which it is installed. */
function sluice(args: readonly string[]) {
  const { url, key } = installation.api
  const environment = { SLUICE_URL: url, SLUICE_API_KEY: key, SIM_KEY: "sim" }
  return run("npx", ["--no-install", "sluice", ...args], { cwd: folder.path, environment })
}

test("holds the program, what it says of itself and the licences of what is inside, and depends on nothing", async () => {
  expect(packed.files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist/licences.md", "dist/main.js", "package.json"]))
  expect(packed.files.filter((file) => !/^(?:LICENSE|README\.md|package\.json|dist\/(?:licences\.md|[\w-]+\.js))$/.test(file))).toEqual([])
  const manifest = JSON.parse(readFileSync(join(folder.path, "node_modules/@sluice/cli/package.json"), "utf8"))
  expect(manifest).not.toHaveProperty("dependencies")
  expect(manifest.bin).toEqual({ sluice: "./dist/main.js" })
  const tarball = new Uint8Array(packed.data).buffer
  expect((await publint({ pack: { tarball }, strict: true })).messages).toEqual([])
})

test("tells its version, submits, and lists, in a folder where nothing else is installed", async () => {
  expect((await sluice(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await sluice(["submit", "chat", "--prompt", "Say hello", "--wait"])).stdout).toBe("Echo: Say hello\n")
  expect((await sluice(["jobs"])).stdout).toMatch(/job_[0-9a-f]{32} +succeeded/)
})

test("checks a configuration with calls, for which it brings the providers' clients", async () => {
  folder.write({
    "sluice.yaml": `endpoints:
  sim: { provider: openai, baseUrl: "${installation.simulator.url}/v1", model: gpt-4o-mini, apiKey: env:SIM_KEY }
  claude: { provider: anthropic, baseUrl: "${installation.simulator.url}", model: claude, apiKey: env:SIM_KEY }
routes: { chat: { tiers: [{ name: primary, endpoints: [sim, claude] }] } }
`,
  })
  const { stdout } = await sluice(["check", "--call"])
  expect(stdout).toMatch(/sim .*answers as/)
  expect(stdout).toMatch(/claude .*answers as/)
})
