import { randomBytes } from "node:crypto"
import { hostname } from "node:os"
import nodeProcess from "node:process"

const maxHostLength = 40

/**
 * `host-pid-random`: says where a process runs, and is its alone even if host and pid come back, as they do in containers,
 * where the pid is mostly 1. Only letters, digits, dots and dashes.
 */
export function createWorkerId(options: { host?: string; pid?: number; random?: string } = {}): string {
  const { host = hostname(), pid = nodeProcess.pid, random = randomBytes(4).toString("hex") } = options
  const plainHost = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, "-")
    .slice(0, maxHostLength)
  return `${plainHost || "host"}-${pid}-${random}`
}
