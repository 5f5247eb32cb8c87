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

interface Surroundings {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

function run(command: string, args: readonly string[], { cwd, environment = {} }: Surroundings) {
  // Tests run in an environment of their own name, in which React would be built for its developers.
  const env = { ...process.env, NODE_ENV: "production", ...environment }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env })
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

/** What a stage of the Dockerfile copies from the repository and runs, with what it builds on. */
function stage(name: string): string {
  const found = dockerfile.split(/^(?=FROM )/m).find((text) => new RegExp(`^FROM \\S+ AS ${name}$`, "m").test(text))
  if (!found) throw new Error(`The Dockerfile has no stage ${name}.`)
  const base = /^FROM (\S+)/.exec(found)?.[1] ?? ""
  return base === "tools" ? stage(base) + found : found
}

/** Does by hand what a stage says, but for the base image and the way pnpm comes into it. */
function build(name: string): string {
  const target = join(folder, name)
  const text = stage(name)
  const copied = Array.from(text.matchAll(/^COPY (?!--)(.+) \S+$/gm), ([, sources = ""]) => sources.split(" ")).flat()
  const files = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).stdout.split("\n").filter(isSent)
  for (const file of files.filter((path) => copied.some((source) => path === source || path.startsWith(`${source}/`)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    cpSync(join(root, file), join(target, file))
  }
  const commands = Array.from(text.matchAll(/^RUN (pnpm .+)$/gm), ([, command = ""]) => command.split(" "))
  expect(commands).toHaveLength(2)
  for (const [program = "", ...args] of commands) {
    const { status, output } = run(program, args, { cwd: target })
    expect(status, output).toBe(0)
  }
  return target
}

test("the dashboard is built for the image of the API", () => {
  expect(dockerfile).toMatch(/ AS api\nCOPY --from=dashboard .*\/app\/apps\/dashboard\/dist \.\/apps\/dashboard\/dist$/m)
  const built = join(build("dashboard"), "apps/dashboard/dist")
  expect(readFileSync(join(built, "index.html"), "utf8")).toContain("/dashboard/assets/")
}, 300_000)

describe("what the images carry", () => {
  let app: string
  beforeAll(() => {
    app = build("packages")
  }, 300_000)

  test.each(["apps/api/src/main.ts", "apps/worker/src/main.ts"])("%s has all that it imports, and asks for its configuration", (main) => {
    const { status, output } = run(process.execPath, [main], {
      cwd: app,
      environment: { SLUICE_CONFIG: "/nowhere/sluice.yaml", SLUICE_ADMIN_KEY: "sk_image" },
    })
    expect(output).toMatch(/^\/nowhere\/sluice\.yaml: There is no such file/)
    expect(status).toBe(2)
  })

  test("nothing of the tests and tools is in them", () => {
    const unwanted = ["-name", "*.test.ts", "-o", "-path", "./packages/simulator/*"]
    const { output } = run("find", [".", "-not", "-path", "*/node_modules/*", "(", ...unwanted, ")"], { cwd: app })
    expect(output).toBe("")
    expect(run("ls", ["node_modules/.pnpm"], { cwd: app }).output).not.toMatch(/^vitest@/m)
  })
})
