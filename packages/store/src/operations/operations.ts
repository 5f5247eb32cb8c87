import { setTimeout as setTimeoutPromise } from "node:timers/promises"
import { StorageUnavailableError } from "@sluice/core"
import { MongoError } from "mongodb"
import { innermost, isTransient } from "../errors/transient.ts"

export interface OperationOptions {
  /** When the caller gets an answer at the latest. */
  readonly timeoutMs: number
  /** Waits before the second try and the later ones; the last repeats. */
  readonly retryDelaysMs?: readonly number[]
  readonly delay?: Delay
}

/** Resolves after a time, or rejects as soon as the signal is aborted. */
export type Delay = (ms: number | undefined, signal: AbortSignal) => Promise<void>

/** What the caller of a port is promised of each call: an answer in time, and errors that it can act on. */
export interface Operations {
  /**
   * Tries until it succeeds, fails for good or runs out of time. An attempt must be safe to repeat when the outcome of the
   * one before it is unknown. Rejects with `StorageUnavailableError` when the database is at fault, else with what the
   * attempt threw. The signal is aborted when the time is over.
   */
  run<T>(what: string, attempt: (signal: AbortSignal) => Promise<T>): Promise<T>
}

export interface OperationGate {
  /** Operations of one kind, which share a time limit. */
  with(options: OperationOptions): Operations
  /** Refuses new operations and resolves when those under way have answered. */
  close(): Promise<void>
}

const defaultRetryDelaysMs: readonly number[] = [10, 50, 200, 500, 1_000]
const systemDelay: Delay = (ms, signal) => setTimeoutPromise(ms, undefined, { signal })

export function createOperationGate(): OperationGate {
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  return {
    with(options) {
      return {
        run(what, attempt) {
          if (isClosed) return Promise.reject(new StorageUnavailableError({ message: `The store is closed: ${what} was not done.` }))
          const operation = runInTime(what, options, attempt)
          underWay.add(operation)
          const forget = () => underWay.delete(operation)
          operation.then(forget, forget)
          return operation
        },
      }
    },
    async close() {
      isClosed = true
      await Promise.allSettled(underWay)
    },
  }
}

async function runInTime<T>(what: string, options: OperationOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeoutMs, retryDelaysMs = defaultRetryDelaysMs } = options
  const delay: Delay = options.delay ?? systemDelay
  const controller = new AbortController()
  let lastProblem: unknown
  let timer: NodeJS.Timeout | undefined
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = unavailable(`MongoDB did not acknowledge within ${timeoutMs} ms: ${what}.`, lastProblem)
      controller.abort(error)
      reject(error)
    }, timeoutMs)
  })

  async function untilSettled(): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt(controller.signal)
      } catch (error) {
        if (!isTransient(error)) throw error
        lastProblem = error
      }
      await delay(retryDelaysMs[Math.min(tries, retryDelaysMs.length - 1)], controller.signal)
    }
  }

  try {
    return await Promise.race([untilSettled(), timeIsUp])
  } catch (error) {
    throw error instanceof MongoError ? unavailable(`MongoDB failed: ${what}.`, error) : error
  } finally {
    clearTimeout(timer)
  }
}

/** The driver's error of a bulk write holds the documents, so only its inner error goes along, and of that only the text. */
function unavailable(message: string, error: unknown): StorageUnavailableError {
  const inner = innermost(error)
  if (!(inner instanceof Error)) return new StorageUnavailableError({ message })
  return new StorageUnavailableError({ message: `${message} ${inner.name}: ${inner.message}` })
}
