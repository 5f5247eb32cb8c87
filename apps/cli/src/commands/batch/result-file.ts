import { createReadStream } from "node:fs"
import { open, truncate } from "node:fs/promises"

const newline = 0x0a

export interface ResultLine {
  readonly customId: string
  /** Null: it was not taken, for the reasons in `errors`. */
  readonly job: object | null
  readonly line?: number
  readonly errors?: readonly object[]
}

/** The output: each line is written as a whole or not at all, and each item once, whatever ends the process. */
export interface ResultFile {
  has(customId: string): boolean
  size(): number
  /** Lines that tell why something was not taken. */
  refused(): number
  write(line: ResultLine): Promise<void>
  close(): Promise<void>
}

/** Opens the output of an earlier run, without the line in which that was interrupted, or a new one. */
export async function openResultFile(path: string, { isNew }: { readonly isNew: boolean }): Promise<ResultFile> {
  const file = await open(path, isNew ? "w" : "a")
  const seen = new Set<string>()
  const refused = new Set<string>()
  const note = ({ customId, job }: ResultLine) => {
    seen.add(customId)
    if (job === null) refused.add(customId)
  }
  if (!isNew) await truncate(path, await readWhole(path, note))
  return {
    has: (customId) => seen.has(customId),
    size: () => seen.size,
    refused: () => refused.size,
    async write(line) {
      if (seen.has(line.customId)) return
      await file.appendFile(`${JSON.stringify(line)}\n`)
      note(line)
    },
    close: () => file.close(),
  }
}

/** Tells of the lines that are there; resolves to where the last whole line ends. */
async function readWhole(path: string, note: (line: ResultLine) => void): Promise<number> {
  let end = 0
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk])
    for (let at = rest.indexOf(newline); at !== -1; at = rest.indexOf(newline)) {
      const line: ResultLine = JSON.parse(rest.subarray(0, at).toString())
      note(line)
      end += at + 1
      rest = rest.subarray(at + 1)
    }
  }
  return end
}
