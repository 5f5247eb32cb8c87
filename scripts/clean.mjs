// Removes what the other commands made: data, caches and packages. Plain JavaScript, so that it works when all else is
// broken; the next command brings everything back.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const dataFolder = join(root, ".data")
const stopTimeoutMs = 20_000
const pollMs = 100

/** Whether the process of a record still runs, and its number has not passed to another (as devstack writes and judges it). */
function isAlive({ pid, startedAt }) {
  if (process.platform !== "linux") return answersSignal(pid)
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    return fields[0] !== "Z" && `${boot}/${fields[19]}` === startedAt
  } catch {
    return false
  }
}

function answersSignal(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}

/** Services leave a record of their process and of the commands that use them: `.data/redis/redis.pid.json`. */
function serviceRecords() {
  if (!existsSync(dataFolder)) return []
  const files = readdirSync(dataFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(dataFolder, name)).map((file) => join(dataFolder, name, file)))
    .filter((file) => file.endsWith(".pid.json"))
  return files.map((file) => JSON.parse(readFileSync(file, "utf8"))).filter((record) => isAlive(record.process))
}

/** Ends a service whose starter was killed and could not do it. */
async function end(service) {
  const { pid } = service
  if (process.platform !== "linux") throw new Error(`Process ${pid} serves data in .data. Stop it and run \`npm run clean\` again.`)
  process.kill(pid, "SIGTERM")
  const giveUpAt = Date.now() + stopTimeoutMs
  while (isAlive(service)) {
    if (Date.now() > giveUpAt) throw new Error(`Process ${pid} does not end. Stop it and run \`npm run clean\` again.`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

const records = serviceRecords()
const user = records.flatMap(({ users }) => users).find(isAlive)
if (user) {
  console.error(`Process ${user.pid} uses the services whose data lie in .data. Stop it first (Ctrl-C), then run \`npm run clean\` again.`)
  process.exit(1)
}
for (const { process: service } of records) await end(service)

const packageFolders = ["packages", "apps"].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
const made = [
  ".data",
  ".cache",
  ".turbo",
  "coverage",
  "node_modules",
  ...packageFolders.flatMap((folder) => [join(folder, "node_modules"), join(folder, "dist")]),
]
for (const name of made.filter((path) => existsSync(join(root, path)))) {
  rmSync(join(root, name), { recursive: true, force: true })
  console.log(`removed ${name}`)
}
