import { type EndpointResource, type QueueResource, type RouteResource, SluiceError } from "@sluice/client"
import { exitCodes } from "../exit-codes.ts"
import type { Column } from "../render/table.ts"
import { durationText } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printRows } from "../session/print.ts"
import type { Session } from "../session/session.ts"
import type { Style } from "../terminal/terminal.ts"

type State = "ok" | "warning"

interface Finding {
  readonly what: string
  readonly state: State
  /** What is so, and where it is no good, what to do. */
  readonly finding: string
}

/** A job that waits for longer than this while nobody works wants a worker. */
const patienceMs = 10_000

export function addDoctorCommand(cli: Cli): void {
  const command = cli.program
    .command("doctor")
    .description("look whether all is in order: the API's address, the key, routes, endpoints, queues; exits with 1 if not")
  onRun(cli, command, async ({ session }) => {
    const findings = await examine(session)
    if (session.isJson) for (const finding of findings) session.terminal.out(JSON.stringify(finding))
    else printRows(session, { columns, rows: findings, empty: "There is nothing to tell." })
    return findings.every(({ state }) => state === "ok") ? exitCodes.ok : exitCodes.failed
  })
}

/** Throws what the client throws when the API does not answer or does not know the key: that is the finding then. */
async function examine(session: Session): Promise<Finding[]> {
  const { client, signal, now, url } = session
  const startedAt = now()
  const routes = await client().routes.list({ signal }).page()
  const api: Finding = { what: "api", state: "ok", finding: `${url} answers in ${durationText(now() - startedAt)}, and knows the key` }
  const [endpoints, queues] = await Promise.all([
    unlessForbidden(client().endpoints.list({ signal }).page()),
    unlessForbidden(client().queues.list({ signal }).page()),
  ])
  return [api, ...routes.data.map(ofRoute), ...(endpoints?.data ?? []).map(ofEndpoint), ...(queues?.data ?? []).map(ofQueue)]
}

/** Null where the key does not allow to look: that is not for this caller to mend. */
async function unlessForbidden<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (SluiceError.isInstance(error, "scope_missing")) return null
    throw error
  }
}

function ofRoute({ name, kind, paused }: RouteResource): Finding {
  if (paused === null) return { what: `route ${name}`, state: "ok", finding: `takes ${kind} jobs` }
  return { what: `route ${name}`, state: "warning", finding: `paused by ${paused.by}: \`sluice routes resume ${name}\` lets its jobs run` }
}

function ofEndpoint({ name, breaker, disabled }: EndpointResource): Finding {
  const what = `endpoint ${name}`
  if (disabled !== null) {
    const finding = `its ${disabled.reason} was rejected, so its jobs wait: set it right; \`sluice check --call\` tries it`
    return { what, state: "warning", finding }
  }
  if (breaker.forced !== null)
    return { what, state: "warning", finding: `held ${breaker.forced} by hand: \`sluice endpoints force ${name} auto\` ends that` }
  if (breaker.state === "closed") return { what, state: "ok", finding: "its breaker is closed" }
  return {
    what,
    state: "warning",
    finding: `its breaker is ${breaker.state}: \`sluice check --call\` asks it, \`sluice endpoints\` shows more`,
  }
}

function ofQueue({ name, active, paused, oldestWaitingMs }: QueueResource): Finding {
  const what = `queue ${name}`
  if (paused) return { what, state: "warning", finding: `paused: \`sluice queues resume ${name}\` lets its jobs run` }
  const waitedMs = oldestWaitingMs ?? 0
  if (waitedMs < patienceMs || active > 0) return { what, state: "ok", finding: `${active} jobs run` }
  return { what, state: "warning", finding: `a job waits for ${durationText(waitedMs)}, and none runs: is \`npm run worker\` running?` }
}

const styles: Readonly<Record<State, Style>> = { ok: "green", warning: "yellow" }

const columns: readonly Column<Finding>[] = [
  { heading: "WHAT", cell: ({ what }) => what },
  { heading: "STATE", cell: ({ state }) => ({ text: state, style: styles[state] }) },
  { heading: "FINDING", cell: ({ finding }) => finding, minWidth: 24 },
]
