import { type CacheUse, type Fallback, type Priority, priorities } from "@sluice/core"
import { type Command, Option } from "commander"
import { parseDuration } from "../../parse/duration.ts"
import { collectPair } from "../../parse/lists.ts"
import { parseAmount, parseCount } from "../../parse/numbers.ts"

/** What can be said of a job on the command line. Times are in milliseconds. */
export interface SubmitFlags {
  readonly prompt?: string
  readonly file?: string
  readonly input?: string
  readonly system?: string
  readonly temperature?: number
  readonly maxOutputTokens?: number
  readonly schema?: string
  readonly priority?: Priority
  readonly runAt?: string
  readonly expiresIn?: number
  readonly fallback?: Fallback
  readonly degradeAfter?: number
  readonly cache?: CacheUse
  readonly cacheKey?: string
  readonly task?: string
  readonly maxCost?: number
  readonly affinityKey?: string
  readonly webhook?: string
  readonly metadata?: Record<string, string>
}

export function addSubmitFlags(command: Command): Command {
  return addOptionFlags(addInputFlags(command))
}

function addInputFlags(command: Command): Command {
  const source = (flag: string, what: string, others: string[]) => new Option(flag, what).conflicts(others)
  return command
    .optionsGroup("What is asked:")
    .addOption(source("-p, --prompt <text>", "the prompt", ["file", "input"]))
    .addOption(source("-f, --file <path>", "a file with the prompt (- for standard input)", ["prompt", "input"]))
    .addOption(source("--input <path>", "a file with the job's input as JSON (- for standard input)", ["prompt", "file"]))
    .option("--system <text>", "a system message before the prompt")
    .option("--temperature <n>", "how freely the model may choose its words", parseAmount)
    .option("--max-output-tokens <n>", "the longest answer", parseCount)
    .option("--schema <path>", "a file with the JSON Schema that the answer has to satisfy")
}

function addOptionFlags(command: Command): Command {
  return command
    .optionsGroup("How it is run:")
    .addOption(new Option("--priority <class>", "default: standard").choices(priorities))
    .option("--run-at <time>", "not before this time (ISO 8601)")
    .option("--expires-in <time>", "the job's deadline, such as 10m; default: 24h", parseDuration)
    .addOption(new Option("--fallback <who>", "who may answer when the primary tier cannot").choices(["none", "provider", "any"]))
    .option("--degrade-after <time>", "how long the primary tier is waited for, such as 30s", parseDuration)
    .addOption(new Option("--cache <use>", "whether kept answers may serve").choices(["use", "refresh", "off"]))
    .option("--cache-key <key>", "lets the stale tier answer with the last good result under this key")
    .option("--task <name>", "chooses the rule and the static text, such as summary")
    .option("--max-cost <usd>", "make no call that would raise the job's cost above this", parseAmount)
    .option("--affinity-key <key>", "keep jobs of the same key on one endpoint where possible")
    .option("--webhook <url>", "where the job's end is told")
    .option("--metadata <key=value>", "found again by `sluice jobs --metadata`; may be given several times", collectPair)
}
