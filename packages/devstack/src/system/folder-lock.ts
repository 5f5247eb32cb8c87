import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { pollUntil } from "./poll-until.ts"
import { identifyProcess, isRunning, type ProcessIdentity } from "./process-identity.ts"

export interface FolderLockOptions {
  /** The folder whose existence is the lock. */
  path: string
  /** What the lock is for, for messages: "the start of Redis". */
  title: string
  /** Called once when another process holds the lock. */
  onWait?: (pid: number) => void
  signal?: AbortSignal | undefined
}

const WAIT_MS = 10 * 60_000
const REMAINS_KEPT_MS = 60 * 60_000

/**
 * Runs `work` while this process holds the lock; others, in this process or another, wait for their turn. The lock of a
 * process that died is broken. Rejects when the lock was not had within ten minutes, or the signal aborts.
 *
 * It rests on rename(2): a folder cannot be renamed onto one that is not empty. So a lock never exists without its owner.
 */
export async function withFolderLock<T>(options: FolderLockOptions, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(options.path), { recursive: true })
  let told = false
  const isMine = () => {
    const owner = readOwner(options.path)
    if (!owner) return take(options.path)
    if (!isRunning(owner)) breakLock(options.path, owner)
    else if (!told) {
      told = true
      options.onWait?.(owner.pid)
    }
    return false
  }
  if (!(await pollUntil(isMine, { timeoutMs: WAIT_MS, intervalMs: 50, signal: options.signal })))
    throw new Error(`Waited ten minutes for ${options.title}: process ${readOwner(options.path)?.pid} holds ${options.path}.`)
  try {
    return await work()
  } finally {
    release(options.path)
  }
}

function take(path: string): boolean {
  const mine = uniqueName(path)
  mkdirSync(mine)
  writeFileSync(join(mine, "owner.json"), JSON.stringify(identifyProcess(process.pid)))
  if (!tryRename(mine, path)) {
    rmSync(mine, { recursive: true, force: true })
    return false
  }
  removeRemains(path)
  return true
}

function release(path: string): void {
  const gone = uniqueName(path)
  renameSync(path, gone)
  rmSync(gone, { recursive: true, force: true })
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(join(path, "owner.json"), "utf8"))
    return { pid: Number(pid), startedAt: String(startedAt) }
  } catch {
    return undefined
  }
}

/**
 * Of several processes that find the same dead owner, one gets to break its lock: all rename it to the name of that owner,
 * and that works once. Under names of their own, a slow one would break the lock of the next owner.
 */
function breakLock(path: string, owner: ProcessIdentity): void {
  tryRename(path, `${path}.broken-${owner.pid}-${owner.startedAt.replace(/\W/g, "")}`)
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}

function uniqueName(path: string): string {
  return `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`
}

/** Broken locks are kept for a while: a process that read them may still be about to break them once more. */
function removeRemains(path: string): void {
  const folder = dirname(path)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const remains = join(folder, name)
    const { ctimeMs } = statSync(remains, { throwIfNoEntry: false }) ?? { ctimeMs: Date.now() }
    if (Date.now() - ctimeMs > REMAINS_KEPT_MS) rmSync(remains, { recursive: true, force: true })
  }
}
