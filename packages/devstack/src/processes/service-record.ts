import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { isRunning, type ProcessIdentity } from "../system/process-identity.ts"

/** A command that needs a service. */
export interface ServiceUser extends ProcessIdentity {
  /** Tells apart two uses by one process. */
  ticket: string
}

/** What the pid file of a service says. */
export interface ServiceRecord {
  process: ProcessIdentity
  /** Where it answers. */
  url: string
  /** The service stays up until the last of them leaves. */
  users: ServiceUser[]
}

/** `undefined` when there is no such file, it does not hold a record, or the process that it names is gone. */
export function readLiveRecord(path: string): ServiceRecord | undefined {
  const record = readRecord(path)
  return record && isRunning(record.process) ? record : undefined
}

/** Also that of a process which is gone. */
export function readRecord(path: string): ServiceRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path, "utf8"))
    return isRecord(record) ? record : undefined
  } catch {
    return undefined
  }
}

/** Replaces the file as a whole, so that a crash leaves the old one or the new one. */
export function writeRecord(path: string, record: ServiceRecord): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(record)}\n`)
  renameSync(draft, path)
}

export function removeRecord(path: string): void {
  rmSync(path, { force: true })
}

function isRecord(value: unknown): value is ServiceRecord {
  return (
    isObject(value) && typeof value.url === "string" && isIdentity(value.process) && Array.isArray(value.users) && value.users.every(isUser)
  )
}

function isUser(value: unknown): value is ServiceUser {
  return isIdentity(value) && "ticket" in value && typeof value.ticket === "string"
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return isObject(value) && Number.isInteger(value.pid) && typeof value.startedAt === "string"
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
