import type { Logger } from "../logger/create-logger.ts"
import { runWithin } from "../time/run-within.ts"

/** Gives back something that was opened: closes a connection, stops a server. */
export interface Releaser {
  /** What is released, for the log. */
  readonly name: string
  /** Its signal aborts when the time is over. */
  readonly release: (signal: AbortSignal) => unknown
  /** Default: that of all releasers. */
  readonly timeoutMs?: number
}

export interface ReleaseFailure {
  readonly name: string
  readonly error: unknown
}

export interface Releasers {
  /** Whatever is opened pushes its releaser at once. After the release has begun, it is released at once too. */
  push(releaser: Releaser): void
  /**
   * Runs all releasers, once however often it is called, last in first out, one after the other. Never rejects: an error or a
   * time-out of one is logged and keeps none of the others from running. Resolves to what failed.
   */
  release(): Promise<readonly ReleaseFailure[]>
}

export interface CreateReleasersOptions {
  readonly logger: Pick<Logger, "error">
  /** For each releaser that does not say otherwise. Default 10 s. */
  readonly timeoutMs?: number
}

export function createReleasers(options: CreateReleasersOptions): Releasers {
  const { logger, timeoutMs: standardMs = 10_000 } = options
  const pending: Releaser[] = []
  const failures: ReleaseFailure[] = []
  let releasing: Promise<void> | null = null

  const releaseOne = async ({ name, release, timeoutMs = standardMs }: Releaser): Promise<void> => {
    try {
      await runWithin({ what: `The release of ${name}`, timeoutMs, run: release })
    } catch (error) {
      failures.push({ name, error })
      logger.error({ err: error, releaser: name }, "release failed")
    }
  }

  const drain = async (): Promise<void> => {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) await releaseOne(next)
  }

  return {
    push(releaser) {
      pending.push(releaser)
      releasing = releasing?.then(drain) ?? null
    },
    async release() {
      releasing ??= drain()
      await releasing
      return [...failures]
    },
  }
}

/**
 * Opens things one after the other, each pushing its releaser: if that fails midway, what was opened already is released before
 * the error is thrown on. Once `open` has succeeded, releasing is up to who holds the releasers.
 */
export async function withReleasers<T>(options: CreateReleasersOptions, open: (releasers: Releasers) => Promise<T>): Promise<T> {
  const releasers = createReleasers(options)
  try {
    return await open(releasers)
  } catch (error) {
    await releasers.release()
    throw error
  }
}
