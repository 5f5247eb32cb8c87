import { parseImagePath } from "../answers/image-path.ts"
import { encodePng } from "../answers/png.ts"
import { applyOutage } from "../server/apply-outage.ts"
import type { Exchange } from "../server/exchange.ts"
import type { Listener } from "../server/listener.ts"
import { readBody } from "../server/read-body.ts"
import type { Simulation } from "../server/simulation.ts"
import { parsePatch, SettingsError } from "../settings/settings-error.ts"
import type { ParsedSettingsPatch } from "../settings/settings-patch.ts"

const MAX_CONTROL_BYTES = 1024 * 1024

/** What can be looked at and changed over HTTP. */
export interface Controlled {
  readonly simulation: Simulation
  readonly listener: Listener
}

interface ControlReply {
  readonly status: number
  readonly contentType: string
  readonly body: string | Buffer
  /** Called when the reply is on its way. */
  readonly sent?: () => void
}

/** Paths of the simulator itself, which no provider has. */
export function isControlPath(path: string): boolean {
  return path.startsWith("/__")
}

/** Serves `/__control`, `/__requests`, `/__reset` and the images that answers point at. */
export async function handleControl(controlled: Controlled, exchange: Exchange): Promise<void> {
  const { status, contentType, body, sent } = await replyTo(controlled, exchange)
  exchange.response.writeHead(status, { "content-type": contentType }).end(body, sent)
}

function replyTo({ simulation, listener }: Controlled, exchange: Exchange): ControlReply | Promise<ControlReply> {
  const { method, path } = exchange.target
  switch (`${method} ${path}`) {
    case "GET /__control":
      return describe(simulation)
    case "POST /__control":
      return configure({ simulation, listener }, exchange)
    case "GET /__requests":
      return json(200, { requests: simulation.requests() })
    case "POST /__reset":
      simulation.reset()
      listener.accept()
      return describe(simulation)
    default:
      return findImage(exchange)
  }
}

function describe(simulation: Simulation): ControlReply {
  const [settings, outage, script] = [simulation.settings(), simulation.outage(), simulation.script()]
  return json(200, { settings, outage, script, counters: simulation.counters() })
}

async function configure({ simulation, listener }: Controlled, exchange: Exchange): Promise<ControlReply> {
  const body = await readBody(exchange.request, MAX_CONTROL_BYTES)
  try {
    if (body.kind !== "complete") throw new SettingsError([`The body did not arrive whole, or is larger than ${MAX_CONTROL_BYTES} bytes.`])
    const patch = parsePatch(parseJson(body.text))
    forbidLockingOut(patch)
    const outage = simulation.configure(patch)
    // An outage can end this very connection, so the reply goes first.
    return { ...describe(simulation), sent: () => applyOutage(outage, listener) }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return json(400, { error: { message: error.message, problems: error.problems } })
  }
}

/** Who refuses all connections for good over HTTP has no way back. */
function forbidLockingOut({ outage }: ParsedSettingsPatch): void {
  if (outage?.mode !== "refuse" || outage.durationMs !== null) return
  throw new SettingsError(["outage.durationMs: a number is needed with refuse, since /__control is refused as well."])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SettingsError([`The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`])
  }
}

function findImage({ target: { method, path } }: Exchange): ControlReply {
  const image = method === "GET" ? parseImagePath(path) : null
  if (image !== null) return { status: 200, contentType: "image/png", body: encodePng(image) }
  const message = `There is no ${method} ${path}. There is GET and POST /__control, GET /__requests and POST /__reset.`
  return json(404, { error: { message } })
}

function json(status: number, body: unknown): ControlReply {
  return { status, contentType: "application/json", body: `${JSON.stringify(body, null, 2)}\n` }
}
