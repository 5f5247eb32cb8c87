import { readFile } from "node:fs/promises"
import { join } from "node:path"

/** One collection of a backup: its documents are in a file of their own, as BSON one after the other, compressed by gzip. */
export interface CollectionBackup {
  readonly name: string
  readonly documents: number
  /** As `createIndexes` takes them, but for that of `_id`. */
  readonly indexes: readonly { readonly name: string; readonly key: Readonly<Record<string, number>> }[]
}

/** `manifest.json`, which is written last: a backup without it is not complete. */
export interface Manifest {
  readonly format: "sluice-backup"
  readonly version: 1
  /** Tells this backup from all others. */
  readonly id: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly collections: readonly CollectionBackup[]
}

export function manifestFile(folder: string): string {
  return join(folder, "manifest.json")
}

export function collectionFile(folder: string, name: string): string {
  return join(folder, `${encodeURIComponent(name)}.bson.gz`)
}

/** Rejects with what to do when the folder holds no complete backup of a version that is known. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = manifestFile(folder)
  const text = await readFile(file, "utf8").catch(() => null)
  if (text === null) throw new Error(`There is no complete backup in ${folder}: ${file} cannot be read. An interrupted backup has none.`)
  const manifest = parse(text)
  if (!isManifest(manifest))
    throw new Error(`${file} was not written by this backup, or by a newer release. Restore it with the release that made it.`)
  return manifest
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false
  const { format, version, id, collections } = { format: null, version: null, id: null, collections: null, ...value }
  return format === "sluice-backup" && version === 1 && typeof id === "string" && Array.isArray(collections)
}
