import { writeFile } from "node:fs/promises"
import { configurationJsonSchema } from "@sluice/core"
import { Option } from "commander"
import { UsageError } from "../../errors/usage-error.ts"
import { exitCodes } from "../../exit-codes.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import type { Session } from "../../session/session.ts"
import { configurationFor } from "./configuration-for.ts"
import { presetFromOpenai } from "./preset-from-openai.ts"
import { presetNamed, presets } from "./presets.ts"

interface InitOptions {
  readonly provider?: string
  readonly fromOpenai?: boolean
}

const fileName = "sluice.yaml"
const schemaFileName = "sluice.schema.json"

export function addInitCommand(cli: Cli): void {
  const names = presets.map(({ name }) => name)
  const command = cli.program
    .command("init")
    .description(`write a ${fileName} to begin with, for one provider; never over one that exists`)
    .addOption(new Option("--provider <name>", "do not ask").choices(names))
    .addOption(new Option("--from-openai", "for what the OpenAI SDK uses: OPENAI_API_KEY and OPENAI_BASE_URL").conflicts("provider"))
  onRun<InitOptions>(cli, command, async ({ session, options }) => {
    const preset = options.fromOpenai
      ? presetFromOpenai(session.environment)
      : presetNamed(options.provider ?? (await askForProvider(session)))
    if (preset === undefined) throw new UsageError(`Expected one of ${names.join(", ")}.`)
    await writeNew(session, configurationFor(preset))
    await writeFile(session.pathOf(schemaFileName), `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`)
    session.terminal.note(`${fileName} is written, and ${schemaFileName}, with which editors complete and check it.`)
    session.terminal.note(`Next: ${preset.next}, then \`sluice check --call\`.`)
    return exitCodes.ok
  })
}

async function askForProvider({ terminal, signal }: Session): Promise<string> {
  if (!terminal.isInteractive) {
    throw new UsageError(`Nobody is here to ask: name the provider, --provider ${presets.map(({ name }) => name).join("|")}.`)
  }
  presets.forEach(({ title }, index) => {
    terminal.note(`  ${index + 1}  ${title}`)
  })
  const answer = (await terminal.ask("Which provider is to be asked first? [1] ", signal)).trim()
  return presets[Number(answer || "1") - 1]?.name ?? answer
}

async function writeNew({ pathOf }: Session, text: string): Promise<void> {
  try {
    await writeFile(pathOf(fileName), text, { flag: "wx" })
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
    if (code === "EEXIST")
      throw new UsageError(`${fileName} exists already, and stays as it is. \`sluice check\` says whether it is in order.`)
    throw new UsageError(`${fileName} cannot be written here (${code}).`)
  }
}
