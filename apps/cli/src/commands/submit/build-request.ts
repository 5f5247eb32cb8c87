import { SluiceError } from "@sluice/client"
import type { Json, Kind, SubmitRequest } from "@sluice/core"
import { UsageError } from "../../errors/usage-error.ts"
import type { Session } from "../../session/session.ts"
import { inputOfPrompt } from "./input-of-prompt.ts"
import { readJson, readText } from "./read-input.ts"
import type { SubmitFlags } from "./submit-flags.ts"

/** The submission that the command line describes. Throws `UsageError` when it describes none. */
export async function buildRequest(session: Session, route: string, flags: SubmitFlags): Promise<SubmitRequest> {
  const { webhook, metadata } = flags
  return {
    route,
    input: await inputOf(session, route, flags),
    options: optionsOf(flags),
    ...(webhook !== undefined && { webhook: { url: webhook } }),
    ...(metadata !== undefined && { metadata }),
  }
}

async function inputOf(session: Session, route: string, flags: SubmitFlags): Promise<Json> {
  if (flags.input !== undefined) return await readJson(session, flags.input)
  const text = await promptOf(session, flags)
  const schema = flags.schema === undefined ? undefined : await readJson(session, flags.schema)
  const { system, temperature, maxOutputTokens } = flags
  return inputOfPrompt(await kindOf(session, route), { text, system, temperature, maxOutputTokens, schema })
}

async function promptOf(session: Session, { prompt, file }: SubmitFlags): Promise<string> {
  if (prompt !== undefined) return prompt
  const piped = session.terminal.hasInput ? "-" : undefined
  const name = file ?? piped
  const text = name === undefined ? "" : await readText(session, name)
  if (text.trim() !== "") return text
  throw new UsageError("There is no prompt. Give --prompt TEXT, --file FILE or --input FILE, or pipe text in.")
}

/** The API refuses a route that does not exist in better words, and takes jobs even when it cannot list its routes. */
async function kindOf({ client, signal }: Session, route: string): Promise<Kind> {
  try {
    const { data } = await client().routes.list({ signal }).page()
    return data.find(({ name }) => name === route)?.kind ?? "chat"
  } catch (error) {
    if (error instanceof SluiceError && error.status !== 401) return "chat"
    throw error
  }
}

function optionsOf(flags: SubmitFlags): NonNullable<SubmitRequest["options"]> {
  const { priority, runAt, expiresIn, fallback, degradeAfter, cache, cacheKey, task, maxCost, affinityKey } = flags
  return {
    priority,
    runAt,
    expiresInMs: expiresIn,
    fallback,
    degradeAfterMs: degradeAfter,
    cache,
    cacheKey,
    task,
    maxCostUsd: maxCost,
    affinityKey,
  }
}
