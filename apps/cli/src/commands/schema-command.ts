import { exitCodes } from "../exit-codes.ts"
import { type Cli, onRun } from "../session/define-command.ts"

export function addSchemaCommand(cli: Cli): void {
  const command = cli.program
    .command("schema")
    .description("print the JSON Schema of sluice.yaml, with which editors complete and check it")
  onRun(cli, command, async ({ session }) => {
    const { configurationJsonSchema } = await import("@sluice/core")
    session.terminal.out(JSON.stringify(configurationJsonSchema(), null, 2))
    return exitCodes.ok
  })
}
