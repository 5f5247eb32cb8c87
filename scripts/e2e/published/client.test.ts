import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createContext, runInContext } from "node:vm"
import { gzipSync } from "node:zlib"
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core"
import { publint } from "publint"
import { rolldown } from "rolldown"
import { expect, test } from "vitest"
import { useInstalledPackage } from "./installed-package.ts"
import { run } from "./run.ts"

/** The budget of what a browser loads for it. */
const maxGzippedBytes = 12_000

const types = fileURLToPath(new URL("../../../node_modules/@types", import.meta.url))

const program = `
import { createClient, JobFailedError, SluiceError, type JobResource, type SluiceErrorCode } from "@sluice/client"

const { SLUICE_URL = "", SLUICE_API_KEY = "" } = process.env
const sluice = createClient({ baseUrl: SLUICE_URL, apiKey: SLUICE_API_KEY })
const request = { route: "chat", input: { messages: [{ role: "user", content: "Say hello" }] }, metadata: { order: "81" } }

const job = await sluice.run(request, { timeoutMs: 60_000 })
if (job.kind !== "chat") throw new Error(job.kind)
const text: string = job.output.text
console.log(text, job.provenance?.served.endpoint)

for await (const { id, status } of sluice.jobs.list({ metadata: { order: "81" } })) console.log(id === job.id, status satisfies JobResource["status"])

function explain(code: SluiceErrorCode): string {
  switch (code) {
    case "not_found": return "is gone"
    default: return code satisfies Exclude<SluiceErrorCode, "not_found">
  }
}
const failure: unknown = await sluice.jobs.get("job_00000000000000000000000000000000").catch((error: unknown) => error)
if (!SluiceError.isInstance(failure, "not_found")) throw failure
console.log(explain(failure.code), failure.status, JobFailedError.isInstance(failure))

// @ts-expect-error: a submission names its route.
const wrong: Parameters<typeof sluice.jobs.submit>[0] = { input: "Hi" }
void wrong
`

const tsconfig = JSON.stringify({
  compilerOptions: {
    module: "node20",
    target: "es2022",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    typeRoots: [types],
    types: ["node"],
    outDir: "out",
  },
  include: ["program.ts"],
})

const installed = useInstalledPackage("packages/client")

test("holds what it needs, and depends on nothing", () => {
  const { packed, folder } = installed()
  const files = ["LICENSE", "README.md", "dist/index.d.ts", "dist/index.js", "dist/index.js.map", "dist/licences.md", "package.json"]
  expect(packed.files.toSorted()).toEqual(files)
  const manifest = JSON.parse(readFileSync(join(folder.path, "node_modules/@sluice/client/package.json"), "utf8"))
  expect(manifest).not.toHaveProperty("dependencies")
  expect(manifest).not.toHaveProperty("peerDependencies")
  expect(manifest).toMatchObject({ sideEffects: false, exports: { ".": { types: "./dist/index.d.ts" } } })
})

test("publint and Are The Types Wrong find nothing", async () => {
  const { packed } = installed()
  const tarball = new Uint8Array(packed.data).buffer
  expect((await publint({ pack: { tarball }, strict: true })).messages).toEqual([])
  const result = await checkPackage(createPackageFromTarballData(packed.data))
  // The two others are ways in which packages were found before there were ES modules.
  const modern = "problems" in result ? result.problems.filter((problem) => !/node10|node16-cjs/.test(JSON.stringify(problem))) : null
  expect(modern).toEqual([])
})

test("a strict program compiles against its types, and runs on the Node of this machine against the API", async () => {
  const { folder, installation } = installed()
  folder.write({ "program.ts": program, "tsconfig.json": tsconfig })
  await run("tsc", ["-p", "."], { cwd: folder.path })
  const node = process.env.SLUICE_MACHINE_NODE ?? process.execPath
  const { url, key } = installation.api
  const { stdout } = await run(node, ["out/program.js"], { cwd: folder.path, environment: { SLUICE_URL: url, SLUICE_API_KEY: key } })
  expect(stdout).toBe("Echo: Say hello sim\ntrue succeeded\nis gone 404 false\n")
})

test("a bundle for browsers needs nothing of Node, is small, and submits", async () => {
  const { folder, installation } = installed()
  folder.write({ "browser.js": `import { createClient } from "@sluice/client"\nexport { createClient }\n` })
  await using bundle = await rolldown({ input: join(folder.path, "browser.js"), platform: "browser", cwd: folder.path })
  const { output } = await bundle.generate({ format: "iife", name: "sluice", minify: true })
  expect(output).toHaveLength(1)
  const [{ code, imports }] = output
  expect(imports).toEqual([])
  expect(code).not.toMatch(/node:|require\(|process\./)
  const bytes = gzipSync(code).length
  console.error(`@sluice/client in a browser: ${code.length} bytes minified, ${bytes} gzipped`)
  expect(bytes).toBeLessThan(maxGzippedBytes)

  // Only what a browser has: there is no process, no Buffer and no require in this context.
  const platform = { fetch, AbortController, AbortSignal, URL, URLSearchParams, crypto, setTimeout, clearTimeout, TextEncoder, TextDecoder }
  const context = createContext({ ...platform, installation: installation.api })
  const answer: unknown = await runInContext(
    `${code};
    sluice.createClient({ baseUrl: installation.url, apiKey: installation.key })
      .run({ route: "chat", input: { messages: [{ role: "user", content: "Hi" }] } })
      .then((job) => job.output.text)`,
    context,
  )
  expect(answer).toBe("Echo: Hi")
})
