import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import type { CommandOptions, CommandRunner } from "../system/run-command.ts"
import { type Layout, POSTGRES_UID } from "./layout.ts"

export interface InstallOptions {
  layout: Layout
  run: CommandRunner
  /** Told what is going on, in a few words. */
  onPhase: (phase: string) => void
  signal?: AbortSignal | undefined
}

/** Raised when what is installed changes, so that older images are replaced. */
const VERSION = "1"
const VERSION_FILE = "etc/sluice-image"
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
const DEFAULT_MIRROR = "http://deb.debian.org/debian"
/** What a chroot without maintainer scripts lacks: base-files brings the links /lib and /lib64, dash the shell of initdb. */
const packages = ["postgresql-18-documentdb", "base-files", "dash", "libc-bin"]
const LIST_TIMEOUT_MS = 120_000
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000

export function isImageInstalled({ root }: Layout): boolean {
  const file = join(root, VERSION_FILE)
  return existsSync(file) && readFileSync(file, "utf8") === VERSION
}

/**
 * Puts PostgreSQL 18 with the DocumentDB extension, from Debian sid, into the folder: packages are downloaded by an apt with
 * lists and a status of its own, checked against Debian's keys, and unpacked without being installed. The machine's own
 * packages stay as they are. It appears under its name only when complete.
 * @throws Error that says which step failed and how.
 */
export async function installImage(options: InstallOptions): Promise<void> {
  const { layout, onPhase } = options
  const draft = `${layout.root}.new`
  const apt = `${layout.root}.apt`
  for (const folder of [draft, apt]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }
  const archives = await downloadPackages(options, apt)
  onPhase(`unpacking ${archives.length} packages`)
  await unpack(options, archives, draft)
  rmSync(apt, { recursive: true })
  await complete(options, draft)
  publish(draft, layout)
}

/**
 * Takes over the programs of another folder's installation, which is made if need be: as hard links where the file system
 * allows, so that they cost neither time nor room, else as copies.
 */
export async function shareImage(options: InstallOptions, source: Layout): Promise<void> {
  const draft = `${options.layout.root}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(options.layout.base, { recursive: true })
  const linked = await options.run("cp", ["--archive", "--link", source.root, draft], { signal: options.signal })
  if (linked.exitCode !== 0) {
    rmSync(draft, { recursive: true, force: true })
    await must(options, "cp", ["--archive", source.root, draft], {})
  }
  publish(draft, options.layout)
}

async function downloadPackages(options: InstallOptions, apt: string): Promise<string[]> {
  const environment = { APT_CONFIG: writeAptConfiguration(apt), DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }
  options.onPhase("reading the package lists of Debian sid")
  await must(options, "apt-get", ["update"], { environment, timeoutMs: LIST_TIMEOUT_MS })
  options.onPhase("downloading PostgreSQL 18 and the DocumentDB extension (140 MB)")
  await must(options, "apt-get", ["install", "--yes", "--download-only", ...packages], { environment, timeoutMs: DOWNLOAD_TIMEOUT_MS })
  const folder = join(apt, "cache/archives")
  return readdirSync(folder)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(folder, name))
}

function writeAptConfiguration(apt: string): string {
  for (const folder of ["state/lists/partial", "cache/archives/partial", "etc/parts"]) mkdirSync(join(apt, folder), { recursive: true })
  writeFileSync(join(apt, "state/status"), "")
  writeFileSync(join(apt, "etc/sources.list"), `deb [signed-by=${KEYRING}] ${debianMirror()} sid main\n`)
  const file = join(apt, "apt.conf")
  const settings = {
    "Dir::State": join(apt, "state"),
    "Dir::State::status": join(apt, "state/status"),
    "Dir::Cache": join(apt, "cache"),
    "Dir::Etc::sourcelist": join(apt, "etc/sources.list"),
    "Dir::Etc::sourceparts": join(apt, "etc/parts"),
    "Dir::Etc::preferencesparts": join(apt, "etc/parts"),
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "APT::Update::Error-Mode": "any", // else a mirror that cannot be reached is only a warning
    "Acquire::Retries": "2",
  }
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(""),
  )
  return file
}

/** The mirror that this machine's own apt uses: it is the one that can be reached. */
function debianMirror(): string {
  const files = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].filter((file) => existsSync(file))
  const urls = files
    .flatMap((file) => readFileSync(file, "utf8").match(/^(?:URIs:|deb )[^#\n]*/gm) ?? [])
    .flatMap((line) => line.match(/\S+:\/\/\S+/g) ?? [])
  return urls.find((url) => /\/debian\/?$/.test(url)) ?? DEFAULT_MIRROR
}

async function unpack(options: InstallOptions, archives: readonly string[], root: string): Promise<void> {
  const queue = [...archives]
  const unpackQueued = async () => {
    for (let archive = queue.pop(); archive !== undefined; archive = queue.pop())
      await must(options, "dpkg-deb", ["--extract", archive, root], {})
  }
  await Promise.all(Array.from({ length: availableParallelism() }, unpackQueued))
}

/** Does what the maintainer scripts of the packages would have done, as far as PostgreSQL needs it. */
async function complete(options: InstallOptions, root: string): Promise<void> {
  const users = {
    "etc/passwd": `root:x:0:0::/:/bin/sh\npostgres:x:${POSTGRES_UID}:${POSTGRES_UID}::/:/bin/sh\n`,
    "etc/group": `root:x:0:\npostgres:x:${POSTGRES_UID}:\n`,
  }
  for (const [file, content] of Object.entries(users)) {
    writeFileSync(join(root, file), content)
    chmodSync(join(root, file), 0o644) // whatever the umask is
  }
  await must(options, "mknod", ["--mode=666", join(root, "dev/null"), "c", "1", "3"], {})
  const extensions = join(root, "usr/share/postgresql/18/extension")
  for (const file of readdirSync(extensions).filter((name) => /-\d+\.control$/.test(name))) {
    const link = join(extensions, file.replace(/-\d+\.control$/, ".control")) // postgis.control -> postgis-3.control
    if (!existsSync(link)) symlinkSync(file, link)
  }
  for (const share of ["doc", "man", "locale", "info", "fonts", "i18n"])
    rmSync(join(root, "usr/share", share), { recursive: true, force: true })
  writeFileSync(join(root, VERSION_FILE), VERSION)
}

/** Gives a complete image its name, last of all. */
function publish(draft: string, { base, root }: Layout): void {
  chmodSync(draft, 0o755)
  const present = new Set(readdirSync(base))
  for (const name of ["bin", "dev", "etc", "lib", "lib64", "usr"]) if (!present.has(name)) symlinkSync(`root/${name}`, join(base, name))
  rmSync(root, { recursive: true, force: true })
  renameSync(draft, root)
}

async function must({ run, signal }: InstallOptions, command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const { exitCode, stderr } = await run(command, args, { ...options, signal })
  signal?.throwIfAborted()
  if (exitCode !== 0)
    throw new Error(`"${command} ${args.slice(0, 3).join(" ")}" failed: ${stderr.split("\n").slice(-5).join("\n") || "it ran out of time"}`)
}
