import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import type { BatchItem, Json, Kind } from "@sluice/core"
import { isObject } from "@sluice/core"
import { inputOfPrompt } from "../submit/input-of-prompt.ts"

/** A line of the file: an item, or why it is none. Lines that name themselves nowhere are called by their number. */
export type FileLine =
  | { readonly line: number; readonly item: BatchItem }
  | { readonly line: number; readonly customId: string; readonly fault: string }

export interface ReadBatchFile {
  readonly path: string
  /** Of the route that lines belong to that name none; null without one. */
  readonly kind: Kind | null
}

/** The lines of a file from after a line on, as they are read. Empty ones are none. */
export async function* readBatchFile({ path, kind }: ReadBatchFile, after: number): AsyncGenerator<FileLine> {
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (line > after && text.trim() !== "") yield fileLineOf(line, text, kind)
  }
}

function fileLineOf(line: number, text: string, kind: Kind | null): FileLine {
  const customId = `line-${line}`
  const value = parse(text)
  if (isItem(value)) return { line, item: value }
  if (kind === null) return { line, customId, fault: "It is no {customId, job}; give --route for plain inputs and prompts." }
  if (kind === "custom" && value === undefined) return { line, customId, fault: "It is not JSON, which a route of the kind custom needs." }
  const isInput = value !== undefined && (typeof value !== "string" || kind === "custom")
  const input = isInput ? value : inputOfPrompt(kind, { text: typeof value === "string" ? value : text })
  return { line, item: { customId, job: { input } } }
}

/** Whether the API finds it right is for the API to say, and to say where it is not. */
function isItem(value: unknown): value is BatchItem {
  return isObject(value) && typeof value.customId === "string" && isObject(value.job)
}

/** Undefined: it is not JSON. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
