import { readFileSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { expect, test } from "vitest"
import { useInstalledPackage } from "./installed-package.ts"
import { run } from "./run.ts"

const installed = useInstalledPackage("apps/cli")

/** As a user runs it, in the folder in which it is installed. */
function sluice(args: readonly string[]) {
  const { folder, installation } = installed()
  const { url, key } = installation.api
  const environment = { SLUICE_URL: url, SLUICE_API_KEY: key, SIM_KEY: "sim" }
  return run("npx", ["--no-install", "sluice", ...args], { cwd: folder.path, environment })
}

test("holds the program, what it says of itself and the licences of what is inside, and depends on nothing", async () => {
  const { packed, folder } = installed()
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
  const { folder, installation } = installed()
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
