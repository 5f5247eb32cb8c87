import { expect, test } from "vitest"
import { knownNames } from "./known-names.ts"

test.each([
  ["caht", ["chat", "embed"], 'Did you mean "chat"? There are the routes chat, embed.'],
  ["summarise", ["chat", "embed"], "There are the routes chat, embed."],
  ["chat", [], "The configuration has no routes."],
])("%s among %j", (name, known, words) => {
  expect(knownNames({ what: "route", name, known })).toBe(words)
})
