import { UnknownSchemaVersionError } from "../errors/unknown-schema-version-error.ts"

/** A stored document of any version. */
export interface Versioned {
  readonly schemaVersion: number
}

/** Makes a document of the next version. Pure: it may be applied to the same document again and again, on every read. */
export type Upgrade = (document: Versioned) => Versioned

/** For each version that is still found in databases, the step to the one after it. */
export type Upgrades = ReadonlyMap<number, Upgrade>

export interface Schema<Current extends Versioned> {
  /** What the documents are called in errors. */
  readonly collection: string
  readonly upgrades: Upgrades
  /** Whether a document has the version in which documents are written now. */
  readonly isCurrent: (document: Versioned) => document is Current
  readonly current: number
}

/**
 * Brings a document as it was found to the present shape, version by version. Throws `UnknownSchemaVersionError` for a
 * version from which no steps lead here, above all for one that a newer release wrote.
 */
export function upgrade<Current extends Versioned>(document: Versioned, schema: Schema<Current>): Current {
  let upgraded = document
  while (!schema.isCurrent(upgraded)) {
    const step = schema.upgrades.get(upgraded.schemaVersion)
    if (!step) {
      throw new UnknownSchemaVersionError({
        what: `A document in ${schema.collection}`,
        found: upgraded.schemaVersion,
        known: schema.current,
      })
    }
    upgraded = step(upgraded)
  }
  return upgraded
}
