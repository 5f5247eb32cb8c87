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
      "Credential env:KEY: The environment variable KEY is not set. Set it, or change apiKey in the configuration.",
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

test("aws-sm: says which package is missing", async () => {
  await expect(createCredentials({ environment: {} }).resolve("aws-sm:prod#key")).rejects.toMatchObject({
    name: "CredentialError",
    reference: "aws-sm:prod#key",
    message: expect.stringContaining("@aws-sdk/client-secrets-manager"),
  })
})

test("does not repeat what is no reference, since it may be the secret", async () => {
  const error = await createCredentials({ environment: {} })
    .resolve("sk-live-123")
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ message: expect.stringContaining("Expected env:NAME") })
  expect(JSON.stringify([error, String(error)])).not.toContain("sk-live-123")
})
