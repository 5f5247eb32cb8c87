import { setTimeout as sleep } from "node:timers/promises"

/** False when there is no such process: another strike was faster. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

/** Stops a process as it stands, and lets it go on after a while. */
export async function freeze(pid: number, forMs: number): Promise<void> {
  if (!sendSignal(pid, "SIGSTOP")) return
  await sleep(forMs)
  sendSignal(pid, "SIGCONT")
}
