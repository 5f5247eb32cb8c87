import { expect, test } from "vitest"
import { withDatabase } from "./with-database.ts"

test.each([
  ["mongodb://127.0.0.1:27017", "mongodb://127.0.0.1:27017/b"],
  ["mongodb://127.0.0.1:27017/", "mongodb://127.0.0.1:27017/b"],
  ["mongodb://u:p@one:1,two:2/a?replicaSet=rs", "mongodb://u:p@one:1,two:2/b?replicaSet=rs"],
  ["mongodb+srv://cluster.example?w=majority", "mongodb+srv://cluster.example/b?w=majority"],
])("%s becomes %s", (url, expected) => {
  expect(withDatabase(url, "b")).toBe(expected)
})
