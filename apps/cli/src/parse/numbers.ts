import { InvalidArgumentError } from "commander"

/** A whole number from 1. Throws `InvalidArgumentError`. */
export function parseCount(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError("Expected a whole number from 1.")
  return number
}

/** A number that is not negative. Throws `InvalidArgumentError`. */
export function parseAmount(text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text)
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError("Expected a number, such as 0.05.")
  return number
}
