/** The queue's id of a run of a job: adding the same run twice adds nothing. */
export function entryId(entry: { readonly id: string; readonly run: number }): string {
  return `${entry.id}-${entry.run}`
}

const entryIdPattern = /^(.+)-([1-9]\d*)$/

/** The inverse of `entryId`; null for what it did not make. */
export function parseEntryId(text: string): { readonly id: string; readonly run: number } | null {
  const [, id, run] = entryIdPattern.exec(text) ?? []
  return id !== undefined && Number.isSafeInteger(Number(run)) ? { id, run: Number(run) } : null
}
