import { type ErrorType, errorTypes, type JobStatus, jobStatuses, type Quality, type TierName } from "@sluice/core"
import { Option } from "commander"
import { collectPair, oneOrMoreOf } from "../parse/lists.ts"
import { parseMoment } from "../parse/moment.ts"
import { parseCount } from "../parse/numbers.ts"
import { jobColumns } from "../render/job-columns.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printListing } from "../session/print.ts"

interface JobsOptions {
  readonly status?: readonly JobStatus[]
  readonly route?: string
  readonly errorType?: ErrorType
  readonly tier?: TierName
  readonly quality?: Quality
  readonly metadata?: Record<string, string>
  readonly after?: string
  readonly before?: string
  readonly limit: number
}

const maxPageSize = 200

export function addJobsCommand(cli: Cli): void {
  const command = cli.program
    .command("jobs")
    .description("list jobs, newest first")
    .option("--status <list>", `one or more of ${jobStatuses.join(", ")}, separated by commas`, oneOrMoreOf(jobStatuses))
    .option("--route <name>", "of this route")
    .addOption(new Option("--error-type <type>", "that ended with this error").choices(errorTypes))
    .addOption(new Option("--tier <name>", "answered by this tier").choices(["primary", "fallback", "rules", "cache", "static"]))
    .addOption(new Option("--quality <name>", "of this quality").choices(["full", "reduced", "generic", "stale", "minimal"]))
    .option("--metadata <key=value>", "with this metadata; may be given several times", collectPair)
    .option("--after <time>", "created since: 2h (ago), or a date", parseMoment(cli.context.now))
    .option("--before <time>", "created before: 2h (ago), or a date", parseMoment(cli.context.now))
    .option("--limit <n>", "at most so many", parseCount, 20)
  onRun<JobsOptions>(cli, command, async ({ session, options }) => {
    const { status, route, errorType, tier, quality, metadata, after, before, limit } = options
    const listing = session.client().jobs.list(
      {
        status,
        route,
        errorType,
        tier,
        quality,
        metadata,
        createdAfter: after,
        createdBefore: before,
        // One more tells whether there are more.
        limit: Math.min(limit + 1, maxPageSize),
      },
      { signal: session.signal },
    )
    return await printListing(session, listing, { columns: jobColumns(session.now()), limit, empty: "No job matches." })
  })
}
