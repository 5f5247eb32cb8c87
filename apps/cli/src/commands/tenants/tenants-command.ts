import type { TenantResource, UpdateTenantRequest } from "@sluice/core"
import { type Command, InvalidArgumentError } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import type { Cell, Column } from "../../render/table.ts"
import { relativeTime } from "../../render/times.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printDocument, printListing } from "../../session/print.ts"

const maxPageSize = 200

export function addTenantsCommand(cli: Cli): void {
  const group = cli.program.command("tenants").description("make tenants, set their limits, lock them out")
  addCreate(cli, group)
  addList(cli, group)
  addSet(cli, group)
  addLock(cli, group)
}

type Settings = NonNullable<UpdateTenantRequest["settings"]>

/** `requestsPerMinute=600` adds a setting to those before; `requestsPerMinute=` takes it away. Which there are is for the API to say. */
function collectSetting(text: string, before: Readonly<Record<string, number | null>> = {}): Record<string, number | null> {
  const [, name, value = ""] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? []
  const number = value === "" ? null : Number(value)
  if (name === undefined || Number.isNaN(number)) throw new InvalidArgumentError("Expected a setting such as requestsPerMinute=600.")
  return { ...before, [name]: number }
}

function addCreate(cli: Cli, group: Command): void {
  const command = group
    .command("create <id>")
    .description("make a tenant; `sluice keys create --tenant ID` then makes its keys")
    .option("--name <text>", "for people")
    .option("--set <name=value>", "a setting, such as requestsPerMinute=600; may be given several times", collectSetting)
  onRun<{ name?: string; set?: Record<string, number | null> }>(
    cli,
    command,
    async ({ session, args: [id = ""], options: { name, set } }) => {
      const given = Object.entries(set ?? {}).filter(([, value]) => value !== null)
      const request = { id, name, ...(given.length > 0 && { settings: Object.fromEntries(given) }) }
      printDocument(session, await session.client().tenants.create(request, { signal: session.signal }), describe)
      return exitCodes.ok
    },
  )
}

function addList(cli: Cli, group: Command): void {
  const command = group.command("list").description("list the tenants of sluice.yaml and those made by the API")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().tenants.list({ limit: maxPageSize }, { signal: session.signal })
    return printListing(session, listing, {
      columns: columnsAt(session.now()),
      limit: Number.POSITIVE_INFINITY,
      empty: "There are no tenants.",
    })
  })
}

function addSet(cli: Cli, group: Command): void {
  const command = group
    .command("set <id> <settings...>")
    .description("change settings: requestsPerMinute=600, or requestsPerMinute= for no limit; what sluice.yaml says stays")
  onRun(cli, command, async ({ session, args: [id = "", ...texts] }) => {
    const settings: Settings = texts.reduce<Record<string, number | null>>((before, text) => collectSetting(text, before), {})
    printDocument(session, await session.client().tenants.update(id, { settings }, { signal: session.signal }), describe)
    return exitCodes.ok
  })
}

function addLock(cli: Cli, group: Command): void {
  const disable = group.command("disable <id>").description("have the keys of a tenant refused everywhere within seconds")
  onRun(cli, disable, async ({ session, args: [id = ""] }) => {
    printDocument(session, await session.client().tenants.disable(id, { signal: session.signal }), describe)
    return exitCodes.ok
  })
  const enable = group.command("enable <id>").description("have the keys of a tenant accepted again")
  onRun(cli, enable, async ({ session, args: [id = ""] }) => {
    printDocument(session, await session.client().tenants.enable(id, { signal: session.signal }), describe)
    return exitCodes.ok
  })
}

function describe(tenant: TenantResource): string {
  return `${tenant.id} is ${tenant.disabled ? "disabled" : "enabled"}; ${settingsText(tenant)}`
}

function settingsText({ settings, setByConfiguration }: TenantResource): string {
  const pinned: ReadonlySet<string> = new Set(setByConfiguration)
  const set = Object.entries(settings).flatMap(([name, value]) =>
    value === null
      ? []
      : [`${name}=${typeof value === "object" ? JSON.stringify(value) : value}${pinned.has(name) ? " (sluice.yaml)" : ""}`],
  )
  return set.length === 0 ? "no limits" : set.join(", ")
}

function columnsAt(now: number): readonly Column<TenantResource>[] {
  return [
    { heading: "TENANT", cell: ({ id }) => id },
    { heading: "NAME", cell: ({ name }) => name ?? "", optional: 2 },
    {
      heading: "STATE",
      cell: ({ disabled }): Cell => (disabled ? { text: "disabled", style: "red" } : { text: "enabled", style: "green" }),
    },
    { heading: "SETTINGS", cell: settingsText, minWidth: 12 },
    { heading: "CHANGED", cell: ({ updatedAt }) => relativeTime(updatedAt, now), optional: 1 },
  ]
}
