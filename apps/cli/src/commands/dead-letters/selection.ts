import { type DeadLetterFilterBody, type DeadLetterKind, noEndpoint } from "@sluice/core"
import { type Command, Option } from "commander"
import { UsageError } from "../../errors/usage-error.ts"
import { collectPair } from "../../parse/lists.ts"
import { parseMoment } from "../../parse/moment.ts"

/** What dead letters can be chosen by on the command line. */
export interface CauseFlags {
  readonly kind?: DeadLetterKind
  readonly route?: string
  readonly errorType?: DeadLetterFilterBody["errorType"]
  readonly endpoint?: string
  readonly metadata?: Record<string, string>
  readonly after?: string
  readonly before?: string
}

export function addCauseFlags(command: Command, now: () => number): Command {
  return command
    .optionsGroup("Which:")
    .addOption(new Option("--kind <kind>", "of jobs, or of webhook deliveries").choices(["job", "delivery"]))
    .option("--route <name>", "of this route")
    .option("--error-type <type>", "that died of this, such as context_length")
    .option("--endpoint <name>", "whose last error came from there; - for those that called none")
    .option("--metadata <key=value>", "of jobs with this metadata; may be given several times", collectPair)
    .option("--after <time>", "that died since: 2h (ago), or a date", parseMoment(now))
    .option("--before <time>", "that died before: 2h (ago), or a date", parseMoment(now))
}

export type Causes = Omit<DeadLetterFilterBody, "endpoint"> & { readonly endpoint?: string }

/** The causes as filters of the API; what was not given is left out. */
export function causesOf({ kind, route, errorType, endpoint, metadata, after, before }: CauseFlags): Causes {
  const given = { kind, route, errorType, endpoint, metadata, createdAfter: after, createdBefore: before }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

export type Selection = { readonly ids: string[] } | { readonly filter: DeadLetterFilterBody }

export interface SelectionRequest {
  readonly ids: readonly string[]
  readonly causes: CauseFlags
  readonly isAll: boolean
}

/** What to act on: by ids, by cause, or all that are open. Throws `UsageError` unless it is one of them. */
export function selectionOf({ ids, causes, isAll }: SelectionRequest): Selection {
  const filter = causesOf(causes)
  const ways = [ids.length > 0, Object.keys(filter).length > 0, isAll].filter((isGiven) => isGiven).length
  if (ways > 1) throw new UsageError("Choose by ids, by filters such as --error-type, or --all; not by several of them.")
  if (ids.length > 0) return { ids: [...ids] }
  if (isAll) return { filter: { state: "open" } }
  if (ways === 0) throw new UsageError("Say which: ids, filters such as --error-type timeout, or --all for all that are open.")
  return { filter: { ...filter, ...(filter.endpoint === noEndpoint && { endpoint: null }) } }
}
