import type { Configuration } from "@sluice/core"
import { faultsOfConfiguration } from "@sluice/engine"
import { createProviders, type ProviderRegistry } from "@sluice/providers"
import { type Catalog, ConfigurationError, createCredentials, loadConfiguration, resolveCatalog } from "@sluice/runtime"
import { type ExitCode, exitCodes } from "../../exit-codes.ts"
import type { Column } from "../../render/table.ts"
import { durationText } from "../../render/times.ts"
import { printRows } from "../../session/print.ts"
import type { Session } from "../../session/session.ts"
import { callEndpoint } from "./call-endpoint.ts"
import { type EndpointCheck, resolveCredential } from "./endpoint-check.ts"
import { testWorkOf } from "./test-work.ts"

export interface CheckRequest {
  readonly file: string
  readonly withCalls: boolean
}

/** Checks a configuration as the processes would at their start, and beyond: credentials, and what endpoints say. */
export async function checkConfiguration(session: Session, { file, withCalls }: CheckRequest): Promise<ExitCode> {
  const { terminal, isJson } = session
  const configuration = await loadFor(session, file)
  if (configuration === null) return exitCodes.failed
  const catalog = resolveCatalog(configuration, 1)
  const checks = await checkEndpoints(session, catalog, withCalls)
  if (isJson) {
    for (const check of checks) terminal.out(JSON.stringify(check))
  } else {
    printRows(session, { columns: withCalls ? [...columns, ...callColumns] : columns, rows: checks, empty: "There are no endpoints." })
    for (const { name, routes } of checks) if (routes.length === 0) terminal.note(`No route uses the endpoint ${name}.`)
  }
  const faulty = checks.filter(({ credential, call }) => !credential.ok || call?.ok === false)
  if (!isJson) terminal.note(summaryOf(file, catalog, faulty.length))
  return faulty.length === 0 ? exitCodes.ok : exitCodes.failed
}

/** Null: it is faulty, and was said so in JSON. Throws `ConfigurationError` for people. */
async function loadFor({ pathOf, isJson, terminal }: Session, file: string): Promise<Configuration | null> {
  try {
    return await loadConfiguration({ path: pathOf(file), check: faultsOfConfiguration })
  } catch (error) {
    if (!(isJson && error instanceof ConfigurationError)) throw error
    for (const issue of error.issues) terminal.out(JSON.stringify({ file: error.fileName, ...issue }))
    return null
  }
}

async function checkEndpoints(session: Session, catalog: Catalog, withCalls: boolean): Promise<EndpointCheck[]> {
  const credentials = createCredentials({ environment: session.environment })
  const providers = withCalls ? createProviders() : null
  try {
    return await Promise.all(
      [...catalog.endpoints.values()].map(async (endpoint) => {
        const { name, provider, model, apiKey } = endpoint
        const routes = routesWith(catalog, name)
        const { secret, result: credential } = await resolveCredential(credentials, apiKey)
        const call = providers === null || !credential.ok ? null : await callWith(providers, { session, catalog, name, secret })
        return { name, provider, model, routes, credential, call }
      }),
    )
  } finally {
    await providers?.close()
  }
}

interface CallOf {
  readonly session: Session
  readonly catalog: Catalog
  readonly name: string
  readonly secret: string | null
}

async function callWith(providers: ProviderRegistry, { session, catalog, name, secret }: CallOf): Promise<EndpointCheck["call"]> {
  const endpoint = catalog.endpoints.get(name)
  if (!endpoint) return null
  const [route] = routesWith(catalog, name)
  const work = testWorkOf(route === undefined ? undefined : catalog.routes[route])
  return await callEndpoint({
    provider: providers.get(endpoint.provider),
    endpoint,
    work,
    apiKey: secret,
    signal: session.signal,
    now: session.now,
  })
}

function routesWith({ routes }: Catalog, endpoint: string): string[] {
  const uses = ({ tiers }: Catalog["routes"][string]) => tiers.some((tier) => "endpoints" in tier && tier.endpoints.includes(endpoint))
  return Object.entries(routes).flatMap(([name, route]) => (uses(route) ? [name] : []))
}

function summaryOf(file: string, { endpoints, routes }: Catalog, faulty: number): string {
  const what = `${file}: ${counted(Object.keys(routes).length, "route")}, ${counted(endpoints.size, "endpoint")}`
  return faulty === 0 ? `${what}, all in order.` : `${what}, of which ${faulty} not in order.`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`
}

const columns: readonly Column<EndpointCheck>[] = [
  { heading: "ENDPOINT", cell: ({ name }) => name },
  { heading: "PROVIDER", cell: ({ provider }) => provider, optional: 1 },
  { heading: "MODEL", cell: ({ model }) => model, minWidth: 8, optional: 2 },
  { heading: "CREDENTIAL", cell: ({ credential: { ok, message } }) => ({ text: message, style: ok ? "green" : "red" }), minWidth: 16 },
]

const callColumns: readonly Column<EndpointCheck>[] = [
  { heading: "TOOK", cell: ({ call }) => (call === null ? "-" : durationText(call.durationMs)), align: "right" },
  { heading: "CALL", cell: ({ call }) => (call === null ? "-" : { text: call.message, style: call.ok ? "green" : "red" }), minWidth: 16 },
]
