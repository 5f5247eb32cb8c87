import type { EventEmitter } from "node:events"
import type { Logger } from "../logger/create-logger.ts"
import { runWithin } from "../time/run-within.ts"
import type { Releasers } from "./releasers.ts"

export interface OnShutdownSignalOptions {
  /** `process`, or what stands for it. */
  readonly process: Pick<EventEmitter, "on"> & { exitCode?: number | string | null | undefined; exit(code: number | string): unknown }
  readonly releasers: Releasers
  /** For all releasers together; then the process exits whatever still runs. */
  readonly graceMs: number
  readonly logger: Pick<Logger, "info" | "error" | "fatal">
}

export interface Shutdown {
  /** Aborts when the shutdown begins, for what has to know at once: readiness, long waits. */
  readonly signal: AbortSignal
  /** Shuts down as a signal would. Resolves once everything is released, just before the process exits. */
  stop(reason: string): Promise<void>
}

/**
 * Shuts the process down on SIGTERM and SIGINT: releases everything, then exits with 0, or with 1 when something failed or took
 * longer than `graceMs`; a `process.exitCode` that was set before holds. Only the first signal counts: one Ctrl-C may arrive three times (process group, npm, bootstrap), so a
 * second one never means "force". An error that nobody caught is logged as fatal and ends the process with 1 in the same way.
 */
export function onShutdownSignal(options: OnShutdownSignalOptions): Shutdown {
  const { process, releasers, graceMs, logger } = options
  const stopping = new AbortController()
  let hasFailed = false
  let stopped: Promise<void> | null = null

  const releaseAll = async (reason: string): Promise<void> => {
    logger.info({ reason }, "stopping")
    stopping.abort()
    try {
      const failures = await runWithin({ what: "The shutdown", timeoutMs: graceMs, run: () => releasers.release() })
      hasFailed ||= failures.length > 0
    } catch (error) {
      hasFailed = true
      logger.error({ err: error }, "stopped with work left")
    }
    const exitCode = process.exitCode || (hasFailed ? 1 : 0)
    logger.info({ exitCode }, "stopped")
    process.exit(exitCode)
  }

  const stop = (reason: string): Promise<void> => {
    stopped ??= releaseAll(reason)
    return stopped
  }

  const onFatal = (event: string) => (error: unknown) => {
    logger.fatal({ err: error }, event)
    hasFailed = true
    void stop(event)
  }

  process.on("SIGTERM", () => void stop("SIGTERM"))
  process.on("SIGINT", () => void stop("SIGINT"))
  process.on("uncaughtException", onFatal("uncaughtException"))
  process.on("unhandledRejection", onFatal("unhandledRejection"))
  return { signal: stopping.signal, stop }
}
