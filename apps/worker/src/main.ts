// The worker process: wiring, and the only reader of the environment.
import {
  ConfigurationError,
  createLogger,
  createReleasers,
  EnvironmentError,
  onShutdownSignal,
  parseEnvironment,
  startTracing,
} from "@sluice/runtime"
import { startWorker } from "./start-worker.ts"

try {
  const environment = parseEnvironment(process.env)
  const logger = createLogger({ level: environment.logLevel, name: "worker", keepsContent: environment.logsContent })
  const releasers = createReleasers({ logger, timeoutMs: environment.shutdownGraceMs })
  const { signal, stop } = onShutdownSignal({ process, releasers, graceMs: environment.shutdownGraceMs, logger })
  const tracer = await startTracing({ settings: environment.tracing, name: "worker", logger, releasers })
  await startWorker({ environment, variables: process.env, logger, tracer, releasers, signal }).catch((error: unknown) => {
    if (error instanceof ConfigurationError || error instanceof EnvironmentError) throw error
    logger.fatal({ err: error }, "could not start")
    process.exitCode = 1
    return stop("could not start")
  })
} catch (error) {
  if (!(error instanceof EnvironmentError || error instanceof ConfigurationError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
