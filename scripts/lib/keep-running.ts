import { setTimeout as sleep } from "node:timers/promises"
import { type AppProcess, type AppProcessOptions, startApp } from "../../packages/devstack/src/index.ts"

const restartDelayMs = 500

export interface KeptApp {
  /** Of the process that runs now, or ran last. */
  pid(): number
  stop(): Promise<void>
}

/** Starts a process and starts it again whenever it dies, also while it starts, as an orchestrator would in production. */
export async function keepRunning(options: AppProcessOptions & { report: (line: string) => void }): Promise<KeptApp> {
  const { app, report } = options
  let isStopping = false
  let current: AppProcess = await startApp(options)
  report(`${app}: process ${current.pid}`)

  const startAgain = async (): Promise<void> => {
    while (!isStopping) {
      await sleep(restartDelayMs)
      try {
        current = await startApp(options)
        report(`${app}: process ${current.pid}`)
        if (isStopping) await current.stop()
        return
      } catch (error) {
        report(error instanceof Error ? error.message : String(error))
      }
    }
  }

  const supervise = async (): Promise<void> => {
    while (!isStopping) {
      const { code, signal } = await current.ended
      if (isStopping) return
      report(`${app}: process ${current.pid} ended (${signal ?? `exit code ${code}`}), starting another`)
      await startAgain()
    }
  }
  const supervised = supervise()

  return {
    pid: () => current.pid,
    async stop() {
      isStopping = true
      await current.stop()
      await supervised
    },
  }
}
