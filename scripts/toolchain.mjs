// Plain JavaScript for any Node >= 18: brings Node 24, pnpm and the workspace's packages into place.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { withLock } from "./lock.mjs"

const NODE_VERSION = "24.21.0"
const PNPM_VERSION = "12.21.0"
/** The first Node that runs TypeScript by itself and satisfies every package's `engines`. */
const OLDEST_NODE = [22, 19]

export const root = fileURLToPath(new URL("..", import.meta.url))
const cache = join(root, ".cache")
const exe = process.platform === "win32" ? ".exe" : ""

function nodeIsNewEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number)
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
}

/**
 * The npm packages that carry the binaries. `node` and `pnpm` themselves are wrappers that need install
 * scripts; these are what they wrap, and need none.
 */
function binaryPackages() {
  const isMusl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime
  const target = `${process.platform}-${process.arch}`
  return {
    node: `node-${target.replace("win32", "win")}`,
    pnpm: `@pnpm/exe.${target}${isMusl ? "-musl" : ""}`,
  }
}

/** Returns the paths of a Node that can run the project and of pnpm; installs what is missing, once. */
export function ensureToolchain() {
  const packages = binaryPackages()
  const wanted = [`${packages.pnpm}@${PNPM_VERSION}`]
  const bringsNode = !nodeIsNewEnough()
  if (bringsNode) wanted.push(`${packages.node}@${NODE_VERSION}`)
  const folder = join(cache, "toolchain", wanted.join("+").replace(/[@/]+/g, "-").replace(/^-/, ""))
  if (!existsSync(folder)) installInto(folder, wanted)
  return {
    node: bringsNode ? join(folder, "node_modules", packages.node, "bin", `node${exe}`) : process.execPath,
    pnpm: join(folder, "node_modules", ...packages.pnpm.split("/"), `pnpm${exe}`),
  }
}

/** Installs beside the final name and renames, so that an interrupted run leaves nothing half done. */
function installInto(folder, specs) {
  console.error(`Installing ${specs.join(" and ")} into .cache/toolchain (once, about 20 s)`)
  const partial = `${folder}.${process.pid}`
  mkdirSync(partial, { recursive: true })
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
  const args = ["install", "--prefix", partial, "--no-save", "--no-package-lock", "--ignore-scripts", ...quiet, ...specs]
  const { status } = spawnSync("npm", args, { stdio: ["ignore", 2, 2], cwd: partial, shell: process.platform === "win32" })
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true })
    const remedy = `Is the npm registry reachable? With Node >= ${OLDEST_NODE.join(".")} on the PATH only pnpm is fetched.`
    console.error(`npm could not install ${specs.join(" and ")}: its message is above. ${remedy}`)
    process.exit(1)
  }
  try {
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(folder)) throw error // else another run was faster, and its result serves
  }
}

export function environment({ node, pnpm }) {
  const path = [dirname(node), dirname(pnpm), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter)
  return {
    ...process.env,
    PATH: path,
    TURBO_TELEMETRY_DISABLED: "1",
    NODE_COMPILE_CACHE: join(cache, "compile"),
    // What is published has to run there as well.
    SLUICE_MACHINE_NODE: process.execPath,
  }
}

/** Costs a tenth of a second when there is nothing to do; serialised, since two pnpm in one folder trip each other. */
export function installPackages(tools) {
  if (!existsSync(join(root, "node_modules"))) console.error("Installing the project's packages (once, about 20 s)")
  const args = ["install", "--frozen-lockfile", "--reporter=append-only"]
  const run = withLock(join(cache, "install.lock"), () =>
    spawnSync(tools.pnpm, args, { cwd: root, env: environment(tools), encoding: "utf8" }),
  )
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}\n`)
    console.error("pnpm could not install the project's packages: its message is above. `npm run clean` starts afresh.")
    process.exit(run.status ?? 1)
  }
}
