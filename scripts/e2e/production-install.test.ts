import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, matchesGlob } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const dockerfile = readFileSync(join(root, "infra/docker/Dockerfile"), "utf8")
const folder = mkdtempSync(join(tmpdir(), "sluice-image-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...environment } })
  return { status, output: `${stdout}${stderr}` }
}

/** Whether the image gets a file: the last pattern that fits decides, as Docker has it. */
function isSent(file: string): boolean {
  const patterns = readFileSync(join(root, "infra/docker/Dockerfile.dockerignore"), "utf8").split("\n")
  let sent = true
  for (const pattern of patterns.filter((line) => line !== "" && !line.startsWith("#"))) {
    const glob = pattern.replace(/^!/, "")
    if (matchesGlob(file, glob) || matchesGlob(file, `${glob}/**`)) sent = pattern.startsWith("!")
  }
  return sent
}

/** Does by hand what the Dockerfile says, but for the base image and the way pnpm comes into it. */
describe("what the images carry", () => {
  beforeAll(() => {
    const copied = Array.from(dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm), ([, sources = ""]) => sources.split(" ")).flat()
    const files = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).stdout.split("\n").filter(isSent)
    for (const file of files.filter((name) => copied.some((source) => name === source || name.startsWith(`${source}/`)))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      cpSync(join(root, file), join(folder, file))
    }
    const commands = Array.from(dockerfile.matchAll(/^RUN (pnpm .+)$/gm), ([, command = ""]) => command.split(" "))
    expect(commands).toHaveLength(2)
    for (const [program = "", ...args] of commands) {
      const { status, output } = run(program, args)
      expect(status, output).toBe(0)
    }
  }, 300_000)

  test.each(["apps/api/src/main.ts", "apps/worker/src/main.ts"])("%s has all that it imports, and asks for its configuration", (main) => {
    const { status, output } = run(process.execPath, [main], { SLUICE_CONFIG: "/nowhere/sluice.yaml", SLUICE_ADMIN_KEY: "sk_image" })
    expect(output).toMatch(/^\/nowhere\/sluice\.yaml: There is no such file/)
    expect(status).toBe(2)
  })

  test("nothing of the tests and tools is in them", () => {
    const { output } = run("find", [
      ".",
      "-not",
      "-path",
      "*/node_modules/*",
      "(",
      "-name",
      "*.test.ts",
      "-o",
      "-path",
      "./packages/simulator/*",
      ")",
    ])
    expect(output).toBe("")
    expect(run("ls", ["node_modules/.pnpm"]).output).not.toMatch(/^vitest@/m)
  })
})
