import { setTimeout as sleep } from "node:timers/promises"
import type { Session } from "./session.ts"

const lookEveryMs = 1_000

export interface Watched<T> {
  readonly started: T
  readonly isOver: (latest: T) => boolean
  readonly look: (latest: T) => Promise<T>
  /** What is shown meanwhile. */
  readonly describe: (latest: T) => string
}

/** Looks again each second until something that goes on by itself is over, and shows how it is. Rejects when a look fails. */
export async function watchUntil<T>({ terminal, signal }: Session, { started, isOver, look, describe }: Watched<T>): Promise<T> {
  let latest = started
  let failure: { readonly error: unknown } | null = null
  const run = async (update: (text: string) => void) => {
    try {
      while (!isOver(latest)) {
        await sleep(lookEveryMs, undefined, { signal })
        latest = await look(latest)
        update(describe(latest))
      }
    } catch (error) {
      failure = { error }
    }
  }
  await terminal.progress([{ title: describe(started), run }])
  rethrow(failure)
  return latest
}

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error
}
