import type { Counters } from "../control/counters.ts"
import type { ReceivedRequest } from "../control/request-log.ts"
import type { Settings } from "../settings/settings.ts"
import { parsePatch } from "../settings/settings-error.ts"
import type { SettingsPatch } from "../settings/settings-patch.ts"
import { applyOutage } from "./apply-outage.ts"
import { createExchange } from "./exchange.ts"
import { type Listener, openListener } from "./listener.ts"
import { serveRequest } from "./serve-request.ts"
import { createSimulation } from "./simulation.ts"

/** Where to listen, and the settings to begin with: the same keys that `configure` takes. */
export interface SimulatorOptions extends SettingsPatch {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Milliseconds since the epoch; default the machine's clock. Limits and outages go by it. */
  readonly now?: () => number
}

/** A running simulated provider. */
export interface Simulator {
  /** Without a slash at the end, such as `http://127.0.0.1:9100`. */
  readonly url: string
  readonly port: number
  settings(): Settings
  /** Changes what `patch` names and nothing else. Throws a SettingsError, and changes nothing, if it is not valid. */
  configure(patch: SettingsPatch): void
  /** The latest requests, oldest first, with keys masked. */
  requests(): readonly ReceivedRequest[]
  counters(): Counters
  /** Begins anew under the same settings: request 1 is next; no script, outage, log or counts; full allowances. */
  reset(): void
  /** Ends all connections, hanging ones too. Can be called again. */
  stop(): Promise<void>
}

/** Starts a simulated provider. Rejects if a setting is not valid or the port cannot be had. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = "127.0.0.1", port = 0, now = Date.now, ...patch } = options
  const simulation = createSimulation({ now })
  const outage = simulation.configure(parsePatch(patch))
  const listener: Listener = await openListener({
    host,
    port,
    onRequest: (request, response) => void serveRequest({ simulation, listener }, createExchange(request, response)),
  })
  applyOutage(outage, listener)
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`,
    port: listener.port,
    settings: () => simulation.settings(),
    configure: (change) => applyOutage(simulation.configure(parsePatch(change)), listener),
    requests: () => simulation.requests(),
    counters: () => simulation.counters(),
    reset() {
      simulation.reset()
      listener.accept()
    },
    stop: () => listener.stop(),
  }
}
