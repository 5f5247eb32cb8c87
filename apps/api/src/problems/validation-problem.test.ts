import { expect, test } from "vitest"
import { validationProblem } from "./validation-problem.ts"

const errors = (count: number) => Array.from({ length: count }, (_, index) => ({ pointer: `#/${index}`, code: "required", detail: "x" }))

test("counts what is wrong", () => {
  expect(validationProblem(errors(1)).message).toBe("1 field is wrong.")
  expect(validationProblem(errors(2)).message).toBe("2 fields are wrong.")
  expect(validationProblem(errors(50)).errors).toHaveLength(50)
})

test("lists the first 50, and says so", () => {
  const problem = validationProblem(errors(51))
  expect(problem.errors).toHaveLength(50)
  expect(problem.message).toBe("51 fields are wrong. The first 50 are listed.")
})
