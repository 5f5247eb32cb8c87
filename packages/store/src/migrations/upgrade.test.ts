import { jobSchemaVersion } from "@sluice/core"
import { sampleJob } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createSealer } from "../encryption/sealer.ts"
import { UnknownSchemaVersionError } from "../errors/unknown-schema-version-error.ts"
import { currentJobDocument } from "../jobs/job-document.ts"
import { toDocument } from "../jobs/to-document.ts"
import { type Schema, type Upgrade, upgrade, type Versioned } from "./upgrade.ts"

interface Third extends Versioned {
  readonly title: string
}
const isThird = (document: Versioned): document is Third => document.schemaVersion === 3
const schema: Schema<Third> = {
  collection: "things",
  current: 3,
  isCurrent: isThird,
  upgrades: new Map<number, Upgrade>([
    [1, (document) => ({ ...document, schemaVersion: 2, name: "untitled" })],
    [2, (document) => ({ ...document, schemaVersion: 3, ...("name" in document && { title: document.name }) })],
  ]),
}

describe("upgrade", () => {
  test("goes from version to version up to the present one", () => {
    const first = { schemaVersion: 1, _id: "x" }
    expect(upgrade(first, schema)).toEqual({ schemaVersion: 3, _id: "x", name: "untitled", title: "untitled" })
    expect(first).toEqual({ schemaVersion: 1, _id: "x" })
  })

  test("starts in the middle, and leaves a present document alone", () => {
    expect(upgrade({ schemaVersion: 2, ...{ name: "n" } }, schema)).toMatchObject({ schemaVersion: 3, title: "n" })
    const present = { schemaVersion: 3, title: "t" }
    expect(upgrade(present, schema)).toBe(present)
  })

  test.each([0, 4])("does not guess what version %i means", (schemaVersion) => {
    expect(() => upgrade({ schemaVersion }, schema)).toThrow(UnknownSchemaVersionError)
    expect(() => upgrade({ schemaVersion }, schema)).toThrow(/things has schemaVersion \d; this process reads versions up to 3/)
  })
})

describe("jobs", () => {
  test("of the present version are read as they are, older ones by the registered steps, newer ones not at all", () => {
    const document = toDocument(sampleJob(), createSealer([]))
    expect(currentJobDocument(document)).toBe(document)
    const old = { ...document, schemaVersion: jobSchemaVersion - 1 }
    const upgrades = new Map([
      [jobSchemaVersion - 1, (found: Versioned) => ({ ...found, schemaVersion: jobSchemaVersion, route: "renamed" })],
    ])
    expect(currentJobDocument(old, upgrades)).toEqual({ ...document, route: "renamed" })
    expect(() => currentJobDocument({ ...document, schemaVersion: jobSchemaVersion + 1 })).toThrow(UnknownSchemaVersionError)
  })
})
