import { type Priority, priorities } from "@sluice/core"
import { type Command, Option } from "commander"
import { collectPair } from "../../parse/lists.ts"

export interface BatchFlags {
  readonly output: string
  readonly route?: string
  readonly priority?: Priority
  readonly webhook?: string
  readonly metadata?: Record<string, string>
  readonly restart?: boolean
}

export function addBatchFlags(command: Command): Command {
  return command
    .requiredOption("-o, --output <path>", "where the answers go, a line of JSON each, as they come")
    .option("--route <name>", "the route of lines that name none: plain inputs and prompts")
    .addOption(new Option("--priority <class>", "of lines that name none; default: bulk").choices(priorities))
    .option("--webhook <url>", "told once, when the last job has ended")
    .option("--metadata <key=value>", "the batch's own; may be given several times", collectPair)
    .option("--restart", "forget what was begun, and begin a new batch over the same output")
}
