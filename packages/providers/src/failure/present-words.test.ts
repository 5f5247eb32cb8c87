import { describe, expect, test } from "vitest"
import { maskSecrets } from "./mask-secrets.ts"
import { presentWords } from "./present-words.ts"
import { wordsOfBody } from "./words-of-body.ts"

describe("maskSecrets", () => {
  test.each([
    ["Incorrect API key provided: sk-proj-aB3dEfGh1234.", "Incorrect API key provided: [secret]"],
    ["key sk-ant-api03-abc_DEF-123 is wrong", "key [secret] is wrong"],
    ["Incorrect API key provided: sk-12***************wxyz", "Incorrect API key provided: [secret]"],
    ["API key AIzaSyA-1234567890abcdefghijklmnopqrstu not valid", "API key [secret] not valid"],
    ["got Authorization: Bearer eyJhbGciOi.eyJzdWIi.sig-1", "got Authorization: [secret]"],
    ["the plain key 0123456789abcdef0123456789abcdef leaked", "the plain key [secret] leaked"],
  ])("masks %j", (text, expected) => {
    expect(maskSecrets(text, ["0123456789abcdef0123456789abcdef", null])).toBe(expected)
  })

  test("leaves ordinary words alone, also beside a secret too short to be one", () => {
    const words = "A risk-based task-force asks: the bearer of bad news?"
    expect(maskSecrets(words, ["a", null])).toBe(words)
  })
})

describe("presentWords", () => {
  const present = (words: string, texts: string[] = []) => presentWords({ words, secrets: ["key-0123456789"], texts })

  test("makes one line of at most 500 characters", () => {
    expect(present("  two\n\tlines  ")).toBe("two lines")
    const long = present("word ".repeat(2_000))
    expect(long).toHaveLength(500)
    expect(long.endsWith("…")).toBe(true)
  })

  test("never shows half a secret at a cut", () => {
    for (let padding = 3_970; padding < 4_010; padding += 1) {
      const echo = "The weather of yesterday was fine. ".repeat(200)
      const words = `${echo.slice(0, padding)} key-0123456789`
      expect(present(words, [echo])).not.toMatch(/key-/)
    }
  })

  test("never leaves half a character", () => {
    expect(present(`${"x".repeat(498)}\u{1f30a}\u{1f30a}`).isWellFormed()).toBe(true)
  })
})

describe("wordsOfBody", () => {
  test.each([
    ["<html><head><title>502 Bad Gateway</title></head></html>", 'an HTML page titled "502 Bad Gateway"'],
    ["\n<!DOCTYPE html>\n<html><head><title lang='en'> Just a moment... </title>", 'an HTML page titled "Just a moment..."'],
    ["<html><body>hi</body></html>", "an HTML page without a title"],
    ["upstream connect error", "upstream connect error"],
    ["", ""],
  ])("of %j", (body, expected) => {
    expect(wordsOfBody(body)).toBe(expected)
  })
})
