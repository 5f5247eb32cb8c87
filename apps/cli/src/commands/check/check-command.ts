import type { Cli } from "../../session/define-command.ts"
import { onRun } from "../../session/define-command.ts"

export interface CheckOptions {
  readonly call?: boolean
}

export function addCheckCommand(cli: Cli): void {
  const command = cli.program
    .command("check [file]")
    .description("check sluice.yaml and the credentials it refers to, with neither API nor worker")
    .option("--call", "ask each endpoint once; providers charge for it as for any call")
  onRun<CheckOptions>(cli, command, async ({ session, args: [file], options: { call = false } }) => {
    // Loaded only here: it brings the providers' clients, which no other command should wait for.
    const { checkConfiguration } = await import("./check-configuration.ts")
    return await checkConfiguration(session, { file: file ?? session.environment.SLUICE_CONFIG ?? "sluice.yaml", withCalls: call })
  })
}
