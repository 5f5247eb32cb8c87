import { describe, expect, test } from "vitest"
import { emptyForm, submissionOf } from "./submission-of.ts"

const form = { ...emptyForm, route: "chat", prompt: "Why is the sky blue?" }

describe("submissionOf", () => {
  test("makes the input that the kind of the route takes", () => {
    expect(submissionOf({ ...form, system: "Be brief." }, "chat").request?.input).toEqual({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Why is the sky blue?" },
      ],
    })
    expect(submissionOf({ ...form, prompt: "a\n\nb" }, "embedding").request?.input).toEqual({ texts: ["a", "b"] })
    expect(submissionOf(form, "image").request?.input).toEqual({ prompt: "Why is the sky blue?" })
  })

  test("has only the options that were chosen", () => {
    expect(submissionOf(form, "chat").request?.options).toEqual({ priority: "interactive" })
    expect(submissionOf({ ...form, fallback: "none", cache: "off" }, "chat").request?.options).toEqual({
      priority: "interactive",
      fallback: "none",
      cache: "off",
    })
  })

  test("takes JSON as it is, and says what is missing", () => {
    expect(submissionOf({ ...form, mode: "json", json: '{"x":1}' }, "custom").request?.input).toEqual({ x: 1 })
    expect(submissionOf({ ...form, mode: "json", json: "{" }, "custom").error).toBe("The input is not valid JSON.")
    expect(submissionOf({ ...form, prompt: " " }, "chat").error).toBe("Write a prompt.")
    expect(submissionOf({ ...form, route: "" }, "chat").error).toBe("Choose a route.")
  })
})
