import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

const POLL_MS = 100
/** A lock without a pid is one whose owner is between two system calls, unless it is this old. */
const NAMELESS_MS = 5_000

function sleepSync(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function isAbandoned(folder) {
  try {
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"))
    process.kill(pid, 0)
    return false
  } catch (error) {
    if (error.code === "EPERM") return false
    if (error.code === "ESRCH") return true
  }
  try {
    return Date.now() - statSync(folder).mtimeMs > NAMELESS_MS
  } catch {
    return false // gone meanwhile: the next mkdir decides
  }
}

/** Runs `work` while holding a lock among processes, made of a folder (mkdir is atomic). Waits for its turn. */
export function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true })
  for (;;) {
    try {
      mkdirSync(folder)
      break
    } catch (error) {
      if (error.code !== "EEXIST") throw error
      if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
      else sleepSync(POLL_MS)
    }
  }
  try {
    writeFileSync(join(folder, "pid"), String(process.pid))
    return work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
