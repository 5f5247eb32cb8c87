import type { Batch } from "@sluice/core"

/** The files that a batch makes are not stored: they are read from its jobs. Their ids say which they are. */
export interface BatchFile {
  readonly batchId: string
  readonly part: "output" | "errors"
}

export function batchFileId({ id }: Pick<Batch, "id">, part: BatchFile["part"]): string {
  return `${id.replace(/^batch_/, "file-")}-${part}`
}

/** Null for the id of a file that is stored, and for what is no id. */
export function batchFileOf(fileId: string): BatchFile | null {
  const [, hex, part] = /^file-([0-9a-f]{32})-(output|errors)$/.exec(fileId) ?? []
  if (hex === undefined || (part !== "output" && part !== "errors")) return null
  return { batchId: `batch_${hex}`, part }
}
