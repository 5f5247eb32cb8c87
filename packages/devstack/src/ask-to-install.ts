import { createInterface } from "node:readline/promises"
import type { Readable, Writable } from "node:stream"

export interface InstallQuestion {
  /** Was `--yes` given? */
  isAgreed: boolean
  input: Readable & { isTTY?: boolean }
  output: Writable
  signal?: AbortSignal
}

/** Whether packages may be installed: a person at a terminal is asked; without one, the answer is yes. */
export async function askToInstall({ isAgreed, input, output, signal }: InstallQuestion): Promise<boolean> {
  if (isAgreed || !input.isTTY) return true
  const lines = createInterface({ input, output })
  try {
    const answer = await lines.question("There is no redis-server on this machine. Install it with apt? [Y/n] ", signal ? { signal } : {})
    return /^\s*(y|yes)?\s*$/i.test(answer)
  } finally {
    lines.close()
  }
}
