import { finalStateOf, type Job, type Json, type QueuedJob } from "@sluice/core"
import { sampleFailure, sampleJob, sampleResult, sampleSuccess } from "@sluice/core/testing"
import fc from "fast-check"
import { BSON } from "mongodb"
import { describe, expect, test } from "vitest"
import { createSealer } from "../encryption/sealer.ts"
import { fromDocument } from "./from-document.ts"
import type { JobDocument } from "./job-document.ts"
import { toDocument, toFinalFields } from "./to-document.ts"

const plain = createSealer([])

/** As the driver writes and reads it. */
const overTheWire = (document: JobDocument): JobDocument =>
  Object.assign({ ...document }, BSON.deserialize(BSON.serialize(document, { ignoreUndefined: true })))
const roundTrip = (job: QueuedJob): Job => fromDocument(overTheWire(toDocument(job, plain)), plain)

const custom = (input: Json): QueuedJob => sampleJob({ work: { kind: "custom", input } })
const deep = JSON.parse(`${"[".repeat(1_000)}${"]".repeat(1_000)}`)

describe("a job and its document", () => {
  test.each([
    ["operators and dots", JSON.parse('{"$set":{"a.b":1},"":{"$oid":"x"}}')],
    ["a prototype key", JSON.parse('{"__proto__":{"x":1},"constructor":null}')],
    ["numbers at the edges", JSON.parse("[-0,0,1e308,5e-324,9007199254740993,2147483648,-1.5]")],
    ["NUL in keys and texts", JSON.parse('{"a\\u0000b":"\\u0000"}')],
    ["half a surrogate pair", JSON.parse('["\\ud800","\\udc00\\ud83d"]')],
    ["deep nesting", deep],
    ["a bare value", null],
  ])("keep input with %s", (_what, input) => {
    expect(roundTrip(custom(input)).work.input).toStrictEqual(input)
  })

  test("keep any JSON input", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5, stringUnit: "binary" }), (text) => {
        const input = JSON.parse(text)
        expect(roundTrip(custom(input)).work.input).toStrictEqual(input)
      }),
    )
  })

  test("keep any metadata", () => {
    const key = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("__proto__", "$where", "a.b", "constructor", "\u0000"))
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.string())), (entries) => {
        const metadata = Object.fromEntries(entries)
        expect(Object.entries(roundTrip(sampleJob({ metadata })).metadata).toSorted()).toEqual(Object.entries(metadata).toSorted())
      }),
    )
  })

  test("store nothing for what is null, so that partial indexes stay small", () => {
    const fields = Object.keys(toDocument(sampleJob(), plain))
    for (const absent of [
      "webhook",
      "batchId",
      "idempotencyKey",
      "requestHash",
      "notBefore",
      "waiting",
      "enqueueDueAt",
      "startedAt",
      "metadata",
    ]) {
      expect(fields).not.toContain(absent)
    }
  })

  test("keep an output as exactly as an input", () => {
    const value: Json = JSON.parse('{"$a.b":-0,"__proto__":[1e308]}')
    const state = finalStateOf(sampleSuccess({ result: { ...sampleResult(), output: { at: "job", value } } }))
    const job = fromDocument(overTheWire({ ...toDocument(sampleJob(), plain), ...toFinalFields("job", state, plain) }), plain)
    expect(job.status === "succeeded" && job.result.output).toStrictEqual({ at: "job", value })
  })

  test.each([sampleSuccess(), sampleFailure(), sampleFailure({ status: "expired" })])("keep the final state $status", (ending) => {
    const state = finalStateOf(ending)
    expect(fromDocument(overTheWire({ ...toDocument(sampleJob(), plain), ...toFinalFields("job", state, plain) }), plain)).toMatchObject(
      state,
    )
  })

  test("a damaged document is an error that says what is missing", () => {
    expect(() => fromDocument({ ...toDocument(sampleJob(), plain), status: "running" }, plain)).toThrow(/is running but has no claim/)
  })
})
