import { expect, test } from "vitest"
import { originForm } from "./origin-form.ts"

test.each([
  ["/v1/jobs?wait=1", "/v1/jobs?wait=1"],
  ["//v1", "//v1"],
  ["http://api.example/v1/jobs?a=%20", "/v1/jobs?a=%20"],
  ["HTTPS://api.example", "/"],
  ["http://[::1/v1/jobs", "/http://[::1/v1/jobs"],
  ["foo://", "/foo://"],
  ["*", "/*"],
  ["", "/"],
])("%s means %s", (target, form) => {
  expect(originForm(target)).toBe(form)
})
