// The API process: wiring, and the only reader of the environment.
import {
  ConfigurationError,
  createLogger,
  createReleasers,
  EnvironmentError,
  onShutdownSignal,
  parseEnvironment,
  startTracing,
} from "@sluice/runtime"
import { startApi } from "./start-api.ts"
import { StartError } from "./wiring/admin-key.ts"

const isForOperators = (error: unknown): error is Error =>
  error instanceof EnvironmentError || error instanceof ConfigurationError || error instanceof StartError
const tell = (line: string) => process.stderr.write(`${line}\n`)

try {
  const environment = parseEnvironment(process.env)
  const logger = createLogger({ level: environment.logLevel, name: "api", keepsContent: environment.logsContent })
  const releasers = createReleasers({ logger, timeoutMs: environment.shutdownGraceMs })
  const { signal } = onShutdownSignal({ process, releasers, graceMs: environment.shutdownGraceMs, logger })
  // Thrown outside of all calls it is logged, everything is released, and the process ends with 1.
  const onFatal = (error: unknown) =>
    queueMicrotask(() => {
      throw error
    })
  const tracer = await startTracing({ settings: environment.tracing, name: "api", logger, releasers })
  await startApi({ environment, variables: process.env, logger, tracer, releasers, signal, tell, onFatal })
} catch (error) {
  if (!isForOperators(error)) throw error
  tell(error.message)
  process.exitCode = 2
}
