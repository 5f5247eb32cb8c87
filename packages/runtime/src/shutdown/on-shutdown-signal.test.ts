import { EventEmitter } from "node:events"
import { describe, expect, test, vi } from "vitest"
import { onShutdownSignal } from "./on-shutdown-signal.ts"
import { createReleasers, type Releaser } from "./releasers.ts"

function start(options: { releasers?: Releaser[]; graceMs?: number; exitCode?: number } = {}) {
  const exited = Promise.withResolvers<number>()
  const exit = vi.fn((code: number | string) => exited.resolve(Number(code)))
  const process = Object.assign(new EventEmitter(), { exit, exitCode: options.exitCode })
  const logger = { info: vi.fn(), error: vi.fn(), fatal: vi.fn() }
  const releasers = createReleasers({ logger })
  for (const releaser of options.releasers ?? []) releasers.push(releaser)
  const shutdown = onShutdownSignal({ process, releasers, graceMs: options.graceMs ?? 60_000, logger })
  return { process, exit, exited: exited.promise, logger, shutdown }
}

describe("onShutdownSignal", () => {
  test.each(["SIGTERM", "SIGINT"])("%s releases everything, then exits with 0", async (signal) => {
    const release = vi.fn()
    const { process, exited, logger, shutdown } = start({ releasers: [{ name: "a", release }] })
    expect(shutdown.signal.aborted).toBe(false)
    process.emit(signal)
    expect(shutdown.signal.aborted).toBe(true)
    expect(await exited).toBe(0)
    expect(release).toHaveBeenCalledOnce()
    expect(logger.info).toHaveBeenCalledWith({ reason: signal }, "stopping")
  })

  test("signals that follow neither hurry it nor begin it again", async () => {
    const gate = Promise.withResolvers<void>()
    const release = vi.fn(() => gate.promise)
    const { process, exit, exited } = start({ releasers: [{ name: "a", release }] })
    for (const signal of ["SIGINT", "SIGINT", "SIGTERM", "SIGINT"]) process.emit(signal)
    await vi.waitFor(() => expect(release).toHaveBeenCalled())
    process.emit("SIGINT")
    expect(exit).not.toHaveBeenCalled()
    gate.resolve()
    expect(await exited).toBe(0)
    process.emit("SIGINT")
    expect(release).toHaveBeenCalledOnce()
    expect(exit).toHaveBeenCalledOnce()
  })

  test("exits with 1 when a release failed", async () => {
    const release = () => Promise.reject(new Error("broken"))
    const { process, exited } = start({ releasers: [{ name: "a", release }] })
    process.emit("SIGTERM")
    expect(await exited).toBe(1)
  })

  test("exits with 1 when the grace is over, whatever still runs", async () => {
    const release = () => new Promise<never>(() => undefined)
    const { process, exited, logger } = start({ releasers: [{ name: "a", release }], graceMs: 5 })
    process.emit("SIGTERM")
    expect(await exited).toBe(1)
    expect(logger.error).toHaveBeenCalledWith({ err: expect.objectContaining({ timeoutMs: 5 }) }, "stopped with work left")
  })

  test.each(["uncaughtException", "unhandledRejection"])("%s is fatal, and still releases", async (event) => {
    const release = vi.fn()
    const { process, exited, logger } = start({ releasers: [{ name: "a", release }] })
    const error = new Error("bug")
    process.emit(event, error)
    expect(await exited).toBe(1)
    expect(logger.fatal).toHaveBeenCalledWith({ err: error }, event)
    expect(release).toHaveBeenCalledOnce()
  })

  test("a fatal error during a clean shutdown makes it exit with 1", async () => {
    const gate = Promise.withResolvers<void>()
    const { process, exited } = start({ releasers: [{ name: "a", release: () => gate.promise }] })
    process.emit("SIGTERM")
    process.emit("unhandledRejection", new Error("bug"))
    gate.resolve()
    expect(await exited).toBe(1)
  })

  test("keeps the exit code that was set before", async () => {
    const { process, exited } = start({ exitCode: 2 })
    process.emit("SIGTERM")
    expect(await exited).toBe(2)
  })

  test("can be asked for without a signal", async () => {
    const { exit, shutdown } = start()
    await shutdown.stop("the demonstration is over")
    expect(exit).toHaveBeenCalledWith(0)
  })
})
