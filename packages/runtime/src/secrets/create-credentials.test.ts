import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { createCredentials } from "./create-credentials.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-secrets-"))
})
afterAll(() => rm(folder, { recursive: true }))

describe("env:NAME", () => {
  test("is read at each call, without the line break that encoding adds", async () => {
    const environment: Record<string, string> = { KEY: "sk-one\n" }
    const credentials = createCredentials({ environment })
    expect(await credentials.resolve("env:KEY")).toBe("sk-one")
    environment.KEY = "sk-two"
    expect(await credentials.resolve("env:KEY")).toBe("sk-two")
  })

  test.each([{}, { KEY: "" }, { KEY: "\n" }])("says which variable to set, given %j", async (environment) => {
    await expect(createCredentials({ environment }).resolve("env:KEY")).rejects.toThrow(
      "Credential env:KEY: The environment variable KEY is not set. Set it, or change the reference to it.",
    )
  })
})

describe("file:/path", () => {
  const make = (readFile: (path: string) => Promise<string>) => {
    const clock = { ms: 0 }
    return { clock, credentials: createCredentials({ environment: {}, readFile, cacheMs: 1_000, now: () => clock.ms }) }
  }

  test("reads a real file, without line breaks at its end", async () => {
    const path = join(folder, "key")
    await writeFile(path, " sk-file \r\n")
    expect(await createCredentials({ environment: {} }).resolve(`file:${path}`)).toBe(" sk-file ")
  })

  test("is read again once it may have been rotated, and by one caller for all", async () => {
    const readFile = vi.fn().mockResolvedValueOnce("old").mockResolvedValueOnce("new")
    const { clock, credentials } = make(readFile)
    expect(await Promise.all([credentials.resolve("file:/k"), credentials.resolve("file:/k")])).toEqual(["old", "old"])
    clock.ms = 999
    expect(await credentials.resolve("file:/k")).toBe("old")
    clock.ms = 1_000
    expect(await credentials.resolve("file:/k")).toBe("new")
    expect(readFile).toHaveBeenCalledTimes(2)
  })

  test("does not remember a failure, nor mix up files", async () => {
    const readFile = vi.fn(async (path: string) => path).mockRejectedValueOnce(new Error("gone"))
    const { credentials } = make(readFile)
    await expect(credentials.resolve("file:/a")).rejects.toThrow("Credential file:/a: The file cannot be read (unknown error).")
    expect(await Promise.all([credentials.resolve("file:/a"), credentials.resolve("file:/b")])).toEqual(["/a", "/b"])
  })

  test("says what is wrong with the file", async () => {
    const credentials = createCredentials({ environment: {} })
    await writeFile(join(folder, "empty"), "\n")
    await expect(credentials.resolve(`file:${folder}/absent`)).rejects.toThrow(/absent: There is no such file\. Mount it/)
    await expect(credentials.resolve(`file:${folder}`)).rejects.toThrow("This is a folder. Name the file in it.")
    await expect(credentials.resolve(`file:${folder}/empty`)).rejects.toThrow("The file is empty.")
    await expect(credentials.resolve(`file:${folder}/empty/below`)).rejects.toThrow("The file cannot be read (ENOTDIR).")
  })
})

describe("a secret that was rejected", () => {
  const make = (read: () => string) => {
    const clock = { ms: 0 }
    const reading = vi.fn(() => Promise.resolve(read()))
    const credentials = createCredentials({ environment: {}, readFile: reading, awsSecrets: { read: reading }, now: () => clock.ms })
    return { clock, credentials, reading }
  }

  test.each(["file:/k", "aws-sm:prod"])("%s is read anew at once, by one caller for all, and used by the next call", async (reference) => {
    let secret = "old"
    const { clock, credentials, reading } = make(() => secret)
    expect(await credentials.resolve(reference)).toBe("old")
    secret = "new"
    clock.ms = 2_000
    const rejected = { rejected: "old" }
    expect(await Promise.all([credentials.resolve(reference, rejected), credentials.resolve(reference, rejected)])).toEqual(["new", "new"])
    expect(await credentials.resolve(reference)).toBe("new")
    expect(await credentials.resolve(reference, rejected)).toBe("new")
    expect(reading).toHaveBeenCalledTimes(2)
  })

  test("that is still the same is not read more often than once a second", async () => {
    const { clock, credentials, reading } = make(() => "bad")
    for (clock.ms = 0; clock.ms < 3_000; clock.ms += 100) await credentials.resolve("aws-sm:prod", { rejected: "bad" })
    expect(reading).toHaveBeenCalledTimes(3)
  })
})

describe("aws-sm:name#key", () => {
  const make = (read: (name: string) => Promise<string>) => {
    const clock = { ms: 0 }
    const reading = vi.fn(read)
    return { clock, reading, credentials: createCredentials({ environment: {}, awsSecrets: { read: reading }, now: () => clock.ms }) }
  }

  test("takes one text of a JSON secret, and one look serves all its keys", async () => {
    const { credentials, reading } = make(async () => '{"a":"one","b":"two"}')
    expect(await Promise.all([credentials.resolve("aws-sm:prod/keys#a"), credentials.resolve("aws-sm:prod/keys#b")])).toEqual([
      "one",
      "two",
    ])
    expect(reading.mock.calls).toEqual([["prod/keys"]])
  })

  test("takes the whole secret where no key is named", async () => {
    expect(await make(async () => "sk-whole\n").credentials.resolve("aws-sm:prod")).toBe("sk-whole")
  })

  test.each([
    ["sk-live-plain", /not a JSON object.*leave out #key/],
    ['["sk-live"]', /not a JSON object/],
    ['{"other":"sk-live"}', /no key "key"\. It has: other\./],
    ['{"key":{"sk-live":1}}', /"key" is no text/],
    ['{"key":""}', /empty/],
  ])("says what is wrong with %s, and shows none of it", async (secret, message) => {
    const failure = await make(async () => secret)
      .credentials.resolve("aws-sm:prod#key")
      .catch((error: Error) => error)
    expect(failure).toMatchObject({ name: "CredentialError", message: expect.stringMatching(message) })
    expect(String(failure)).not.toContain("sk-live")
  })

  test("is looked at again after five minutes; while AWS cannot be asked the old one serves, for an hour", async () => {
    let answer: () => Promise<string> = async () => "one"
    const { clock, credentials, reading } = make(() => answer())
    expect(await credentials.resolve("aws-sm:prod")).toBe("one")
    clock.ms = 299_999
    expect(await credentials.resolve("aws-sm:prod")).toBe("one")
    expect(reading).toHaveBeenCalledTimes(1)
    answer = () => Promise.reject(new Error("throttled"))
    clock.ms = 300_000
    for (let call = 0; call < 5; call += 1) expect(await credentials.resolve("aws-sm:prod")).toBe("one")
    expect(reading).toHaveBeenCalledTimes(2)
    clock.ms = 300_000 + 3_600_000
    await expect(credentials.resolve("aws-sm:prod")).rejects.toThrow("Credential aws-sm:prod: throttled")
    answer = async () => "two"
    expect(await credentials.resolve("aws-sm:prod")).toBe("two")
  })
})

test("does not repeat what is no reference, since it may be the secret", async () => {
  const error = await createCredentials({ environment: {} })
    .resolve("sk-live-123")
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ message: expect.stringContaining("Expected env:NAME") })
  expect(JSON.stringify([error, String(error)])).not.toContain("sk-live-123")
})
