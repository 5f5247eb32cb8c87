import { describe, expect, test } from "vitest"
import { decodeBase64, parseDataUrl } from "./data-url.ts"

describe("parseDataUrl", () => {
  test.each([
    ["data:image/png;base64,iVBOR", { contentType: "image/png", base64: "iVBOR" }],
    ["data:IMAGE/JPEG;base64,AA==", { contentType: "image/jpeg", base64: "AA==" }],
    ["data:image/svg+xml;charset=utf-8;base64,AA", { contentType: "image/svg+xml", base64: "AA" }],
  ])("takes %s apart", (url, expected) => {
    expect(parseDataUrl(url)).toEqual(expected)
  })

  test.each(["https://cdn.example/1.png", "data:image/png,raw", "data:;base64,AA", ""])("knows none in %j", (url) => {
    expect(parseDataUrl(url)).toBeNull()
  })
})

describe("decodeBase64", () => {
  test("reads both alphabets, with and without padding", () => {
    expect(decodeBase64("+/+/")?.toString("hex")).toBe("fbffbf")
    expect(decodeBase64("-_-_")?.toString("hex")).toBe("fbffbf")
    expect(decodeBase64("AAE=")?.toString("hex")).toBe("0001")
  })

  test.each(["", "not base64!", "AA=A", "=="])("refuses %j", (text) => {
    expect(decodeBase64(text)).toBeNull()
  })
})
