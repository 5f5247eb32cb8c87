import { createMemoryBlobStore, createMemoryFileStore } from "@sluice/core/testing"
import { expect, test } from "vitest"
import { createAddFile } from "./add-file.ts"
import { createRemoveFile } from "./remove-file.ts"
import { createRetireFiles } from "./retire-files.ts"

function setUp() {
  const files = createMemoryFileStore()
  const blobs = createMemoryBlobStore()
  const time = { ms: Date.parse("2026-01-01T00:00:00.000Z") }
  const clock = () => new Date(time.ms)
  const add = createAddFile({ files, blobs, clock })
  const addOne = (keptMs = 60_000) =>
    add({ tenantId: "t", filename: "a.jsonl", purpose: "batch", contentType: "application/jsonl", bytes: new Uint8Array(3), keptMs })
  return { files, blobs, time, addOne, remove: createRemoveFile({ files, blobs }), retire: createRetireFiles({ files, blobs, clock }) }
}

test("a file is kept with its bytes, and removed with them", async () => {
  const { files, blobs, addOne, remove } = setUp()
  const file = await addOne()
  expect(file).toMatchObject({
    id: expect.stringMatching(/^file-[0-9a-f]{32}$/),
    bytes: 3,
    expiresAt: new Date("2026-01-01T00:01:00.000Z"),
  })
  expect((await blobs.get(file))?.bytes).toHaveLength(3)
  expect(await remove({ ...file, tenantId: "another" })).toBe(false)
  expect(await blobs.get(file)).not.toBeNull()
  expect(await remove(file)).toBe(true)
  expect([await files.find(file), await blobs.get(file)]).toEqual([null, null])
})

test("it goes when its time is over, and not before", async () => {
  const { files, blobs, time, addOne, retire } = setUp()
  const [short, long] = [await addOne(60_000), await addOne(600_000)]
  await retire()
  expect(await files.find(short)).not.toBeNull()
  time.ms += 60_000
  await retire()
  expect([await files.find(short), await blobs.get(short)]).toEqual([null, null])
  expect(await files.find(long)).not.toBeNull()
})
