import { Command } from "commander"
import manifest from "../package.json" with { type: "json" }
import { addAlertsCommand } from "./commands/alerts-command.ts"
import { addAuditCommand } from "./commands/audit-command.ts"
import { addBatchCommand } from "./commands/batch/batch-command.ts"
import { addBatchesCommand } from "./commands/batch/batches-command.ts"
import { addCancelCommand } from "./commands/cancel-command.ts"
import { addCheckCommand } from "./commands/check/check-command.ts"
import { addCredentialsCommand } from "./commands/credentials-command.ts"
import { addDeadLettersCommand } from "./commands/dead-letters/dead-letters-command.ts"
import { addDoctorCommand } from "./commands/doctor-command.ts"
import { addDrillCommand } from "./commands/drill-command.ts"
import { addEndpointsCommand } from "./commands/endpoints-command.ts"
import { addExamples } from "./commands/examples.ts"
import { addInitCommand } from "./commands/init/init-command.ts"
import { addJobsCommand } from "./commands/jobs-command.ts"
import { addKeysCommand } from "./commands/keys/keys-command.ts"
import { addListenCommand } from "./commands/listen/listen-command.ts"
import { addLogLevelCommand } from "./commands/log-level-command.ts"
import { addProcessesCommand } from "./commands/processes-command.ts"
import { addQueuesCommand } from "./commands/queues-command.ts"
import { addReplaysCommand } from "./commands/replays-command.ts"
import { addReportCommand } from "./commands/report/report-command.ts"
import { addRoutesCommand } from "./commands/routes-command.ts"
import { addSchemaCommand } from "./commands/schema-command.ts"
import { addSubmitCommand } from "./commands/submit/submit-command.ts"
import { addTenantsCommand } from "./commands/tenants/tenants-command.ts"
import { addUsageCommand } from "./commands/usage-command.ts"
import { addWatchCommand } from "./commands/watch-command.ts"
import { addWebhooksCommand } from "./commands/webhooks/webhooks-command.ts"
import { exitCodes } from "./exit-codes.ts"
import type { Cli } from "./session/define-command.ts"
import { type CliContext, defaultUrl } from "./session/open-session.ts"

/** The whole command line. */
export function createCli(context: CliContext): Cli {
  const { terminal } = context
  const program = new Command("sluice")
    .description("Submits and watches AI generation jobs, and operates the system that runs them.")
    .version(manifest.version, "-V, --version")
    .option("--url <url>", `where the API is (SLUICE_URL; default: ${defaultUrl})`)
    .option("--key <key>", "the API key (SLUICE_API_KEY or SLUICE_ADMIN_KEY)")
    .option("--tenant <name>", "act for this tenant, with an admin key")
    .option("--json", "print the API's JSON: one document, or a line for each item of a list")
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 failed or refused, 2 usage, 3 no API answers, 4 the job has not ended in time, 130 interrupted.",
    )
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("Add --help to see what there is.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(terminal.paint("red", text)),
    })
  const cli: Cli = { program, context, exitCode: exitCodes.ok }
  program.commandsGroup("Jobs:")
  for (const add of [addSubmitCommand, addWatchCommand, addJobsCommand, addCancelCommand, addBatchCommand, addBatchesCommand]) add(cli)
  program.commandsGroup("Operation:")
  for (const add of [
    addRoutesCommand,
    addEndpointsCommand,
    addDrillCommand,
    addQueuesCommand,
    addAlertsCommand,
    addUsageCommand,
    addReportCommand,
    addAuditCommand,
    addProcessesCommand,
    addLogLevelCommand,
    addDoctorCommand,
  ])
    add(cli)
  program.commandsGroup("What failed for good:")
  for (const add of [addDeadLettersCommand, addReplaysCommand]) add(cli)
  program.commandsGroup("Webhooks:")
  for (const add of [addWebhooksCommand, addListenCommand]) add(cli)
  program.commandsGroup("Tenants and keys:")
  for (const add of [addKeysCommand, addTenantsCommand, addCredentialsCommand]) add(cli)
  program.commandsGroup("Configuration:")
  for (const add of [addInitCommand, addCheckCommand, addSchemaCommand]) add(cli)
  addExamples(program)
  return cli
}
