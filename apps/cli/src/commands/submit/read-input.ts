import { readFile } from "node:fs/promises"
import type { Json } from "@sluice/core"
import { UsageError } from "../../errors/usage-error.ts"
import type { Session } from "../../session/session.ts"

/** The text of a file, or of standard input for `-`. Throws `UsageError` when it cannot be read. */
export async function readText({ terminal, pathOf }: Session, name: string): Promise<string> {
  if (name === "-") return await terminal.readInput()
  try {
    return await readFile(pathOf(name), "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
    throw new UsageError(code === "ENOENT" ? `There is no file ${name}.` : `${name} cannot be read (${code}).`)
  }
}

/** The same as JSON. Throws `UsageError` when it is none. */
export async function readJson(session: Session, name: string): Promise<Json> {
  const text = await readText(session, name)
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch (error) {
    throw new UsageError(`${name === "-" ? "Standard input" : name} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
