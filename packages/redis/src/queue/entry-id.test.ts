import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { entryId, parseEntryId } from "./entry-id.ts"

describe("entry ids", () => {
  test("can be read back, whatever the job's id and run", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_][a-z0-9_-]{0,60}$/), fc.integer({ min: 1, max: 1_000_000 }), (id, run) => {
        expect(parseEntryId(entryId({ id, run }))).toEqual({ id, run })
      }),
    )
  })

  test.each(["", "job_1", "job_1-", "-1", "job_1-0", "job_1-x", "job_1-99999999999999999999"])("%j is not one", (text) => {
    expect(parseEntryId(text)).toBeNull()
  })
})
