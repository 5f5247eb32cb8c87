import { createHash, randomUUID } from "node:crypto"
import { createReadStream } from "node:fs"
import { readFile, rename, writeFile } from "node:fs/promises"
import { UsageError } from "../../errors/usage-error.ts"

/** What a later run has to know to go on, kept beside the output. */
export interface BatchState {
  /** Finds the batch again, also when the answer to its creation was lost. */
  readonly idempotencyKey: string
  /** Missing until the API has told it. */
  readonly batchId?: string
  /** SHA-256 of the file and of the settings: another file is another batch. */
  readonly fingerprint: string
  /** Lines up to this one are safe with the API. */
  readonly sentLines: number
}

export function statePathOf(output: string): string {
  return `${output}.batch`
}

/** The state of an earlier run, or a new one. Throws `UsageError` when the earlier run was about something else. */
export async function openState(
  output: string,
  { fingerprint, restart }: { readonly fingerprint: string; readonly restart: boolean },
): Promise<{ readonly state: BatchState; readonly isNew: boolean }> {
  const found = restart ? null : await read(statePathOf(output))
  if (found === null) {
    const state = { idempotencyKey: `cli-${randomUUID()}`, fingerprint, sentLines: 0 }
    return { state, isNew: true }
  }
  if (found.fingerprint !== fingerprint) {
    throw new UsageError(
      `${output} belongs to a run with another file or other options. Choose another --output, or give --restart to begin anew.`,
    )
  }
  return { state: found, isNew: false }
}

/** Replaces it as a whole: whoever is killed in the middle leaves the one before. */
export async function writeState(output: string, state: BatchState): Promise<void> {
  const path = statePathOf(output)
  await writeFile(`${path}.new`, `${JSON.stringify(state)}\n`)
  await rename(`${path}.new`, path)
}

export async function fingerprintOf(path: string, settings: object): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(settings))
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
    throw new UsageError(code === "ENOENT" ? `There is no file ${path}.` : `${path} cannot be read (${code}).`)
  }
  return hash.digest("hex")
}

async function read(path: string): Promise<BatchState | null> {
  try {
    const state: BatchState = JSON.parse(await readFile(path, "utf8"))
    return state
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null
    throw new UsageError(`${path} cannot be read. Remove it, or give --restart, to begin anew.`)
  }
}
