import { describe, expect, test } from "vitest"
import { createClient, databaseNameOf, withoutSecrets } from "./create-client.ts"

const databaseOf = (url: string, database?: string) => databaseNameOf({ url, ...(database !== undefined && { database }) })

describe("the database", () => {
  test.each([
    ["mongodb://127.0.0.1:27017", undefined, "sluice"],
    ["mongodb://127.0.0.1:27017/", undefined, "sluice"],
    ["mongodb://127.0.0.1:27017/?maxPoolSize=3", undefined, "sluice"],
    ["mongodb://user:secret@a,b:27018/jobs?replicaSet=rs", undefined, "jobs"],
    ["mongodb+srv://cluster.example/my%2Djobs?retryWrites=true", undefined, "my-jobs"],
    ["mongodb://127.0.0.1:27017/jobs", "other", "other"],
  ])("of %s with %s is %s", (url, database, expected) => {
    expect(databaseOf(url, database)).toBe(expected)
  })
})

describe("the connection", () => {
  test("takes a setting from the options, else from the URL, else the default", () => {
    const { options } = createClient({ url: "mongodb://h/?maxPoolSize=33&minPoolSize=7", minPoolSize: 5 })
    expect(options).toMatchObject({ maxPoolSize: 33, minPoolSize: 5, serverSelectionTimeoutMS: 5_000, waitQueueTimeoutMS: 2_000 })
  })

  test("acknowledges by a majority, whatever the URL says", () => {
    const { options } = createClient({ url: "mongodb://h/?w=1&journal=false" })
    expect(options.writeConcern).toMatchObject({ w: "majority", journal: true })
  })

  test.each([
    "mongodb://us!er:s3cret%2Fword@h/?noSuchOption=1",
    "mongodb://user:s3cret/word@h",
    "mongodb://us:er:s3cret@h",
    "mongodb://user:s3cret@h/?authMechanism=s3cret",
    "user:s3cret@h",
    "mongodb://h/?proxyPassword=s3cret",
  ])("does not repeat the secrets of an unusable URL: %s", (url) => {
    expect(() => createClient({ url })).toThrow(/^The MongoDB URL cannot be used: (?!.*s3cret)/)
  })
})

describe("withoutSecrets", () => {
  test("removes what the URL keeps secret, as it stands and decoded", () => {
    const url = "mongodb://ann:p%40ss@h/?authMechanismProperties=AWS_SESSION_TOKEN:tok3n"
    const text = "ann failed with p%40ss, that is p@ss, and AWS_SESSION_TOKEN:tok3n on h"
    expect(withoutSecrets(text, url)).toBe("*** failed with ***, that is ***, and *** on h")
  })

  test("leaves a text alone when there are none", () => {
    expect(withoutSecrets("connect ECONNREFUSED 127.0.0.1:27017", "mongodb://127.0.0.1:27017")).toContain("127.0.0.1:27017")
  })
})
