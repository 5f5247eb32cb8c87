import { pollUntil } from "../system/poll-until.ts"
import { isRunning, type ProcessIdentity } from "../system/process-identity.ts"

const PATIENCE_MS = 15_000

/** Sends the signal, and SIGKILL when that did not help. Resolves when the process is gone. */
export async function endProcess(target: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  const isGone = () => !isRunning(target)
  for (const attempt of [signal, "SIGKILL"] as const) {
    if (isGone()) return
    send(target.pid, attempt)
    if (await pollUntil(isGone, { timeoutMs: PATIENCE_MS, intervalMs: 10 })) return
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended between the look and the signal.
  }
}
